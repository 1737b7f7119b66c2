// After data-idle-seconds without a key, touch or pointer: save drafts, blank the screen, go to the lock.
// A minute before, it says so. Tabs of the same person keep each other awake, and leave together.
const { idleSeconds, lockUrl, idleWarning } = document.body.dataset;
const warnBefore = 60_000;
const savesWithin = 3_000;

async function lock() {
  const saves = [];
  document.dispatchEvent(new CustomEvent("schoolgate:save", { detail: saves }));
  document.dispatchEvent(new CustomEvent("schoolgate:blank"));
  await Promise.race([Promise.allSettled(saves), new Promise((go) => setTimeout(go, savesWithin))]);
  const back = encodeURIComponent(location.pathname + location.search);
  location.replace(`${lockUrl}?next=${back}`);
}

function watch() {
  const limit = Number(idleSeconds) * 1000;
  const others = new BroadcastChannel("schoolgate-awake");
  const warning = document.createElement("p");
  warning.className = "sg-idle";
  warning.setAttribute("role", "alert");
  document.querySelector("footer").append(warning);
  let lastSeen = Date.now();
  let lastTold = 0;

  const awake = () => {
    lastSeen = Date.now();
    warning.textContent = "";
  };
  const seen = () => {
    awake();
    if (lastSeen - lastTold < 1_000) return;
    lastTold = lastSeen;
    others.postMessage("awake");
  };
  others.addEventListener("message", ({ data }) => {
    if (data === "signed out") location.replace("/");
    else awake();
  });
  document.querySelector(".sg-header__out").addEventListener("submit", () => others.postMessage("signed out"));
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    document.addEventListener(kind, seen, { passive: true });
  }
  const clock = setInterval(() => {
    const idle = Date.now() - lastSeen;
    if (idle >= limit) {
      clearInterval(clock);
      lock();
    } else if (idle >= limit - warnBefore && !warning.textContent) {
      warning.textContent = idleWarning;
    }
  }, 1_000);
}

if (idleSeconds && lockUrl) watch();
