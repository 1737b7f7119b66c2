// Says beside the button that a passkey could not be used; the sign-in library only tells the console.
document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-trouble]");
  if (!place) return;
  event.preventDefault();
  place.textContent = place.dataset.passkeyTrouble;
});
