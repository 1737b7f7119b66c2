// Says how far a long job is, every other second, and shows the page anew once it has ended. Without it a link does.
const EVERY = 2000;
const status = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(status.dataset.progress, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) {
      const { goes_on: goesOn, says } = await answer.json();
      if (!goesOn) {
        location.reload();
        return;
      }
      if (status.textContent !== says) status.textContent = says;
    }
  } catch {
    // No connection for now: the next look will tell.
  }
  setTimeout(look, EVERY);
}

if (status) setTimeout(look, EVERY);
