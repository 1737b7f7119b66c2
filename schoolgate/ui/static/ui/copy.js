// "Copy as text" puts the text on the clipboard; without it the link opens the text.
async function copy(link) {
  const answer = await fetch(link.dataset.copy, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  await navigator.clipboard.writeText(await answer.text());
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  try {
    await copy(link);
    link.textContent = link.dataset.copied;
  } catch {
    location.assign(link.href);
  }
});
