// Escape, or the box itself, hides everything and shows it again: there is a projector in the room.
const box = document.querySelector("[data-blank]");
const title = document.title;
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
  if (event.key === "Escape" && !event.repeat) toggle();
});
