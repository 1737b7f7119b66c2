// A form marked data-once is sent once. It opens again when the page is shown again or nothing came back.
const opensAgainAfter = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Going back after sending opens an empty form, not the browser's page about sending it again.
  if (event.submitter?.value === "send") history.replaceState(null, "", location.href);
  setTimeout(() => delete form.dataset.sent, opensAgainAfter);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});
