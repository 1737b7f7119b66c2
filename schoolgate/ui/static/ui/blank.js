// Escape twice, or the box itself, hides everything: there is a projector in the room.
const box = document.querySelector("[data-blank]");
const title = document.title;
const twiceWithin = 600;
let lastEscape = 0;
let before = null;

function show(blanked) {
  document.title = blanked ? "Schoolgate" : title;
  if (blanked) {
    before = document.activeElement;
    box.focus();
  } else if (before) {
    before.focus();
  }
}

function toggle() {
  box.checked = !box.checked;
  show(box.checked);
}

box.addEventListener("change", () => show(box.checked));
document.addEventListener("schoolgate:blank", () => {
  if (!box.checked) toggle();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  const twice = event.timeStamp - lastEscape < twiceWithin;
  lastEscape = twice ? 0 : event.timeStamp;
  if (twice) toggle();
});
