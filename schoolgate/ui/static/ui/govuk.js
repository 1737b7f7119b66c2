// Starts the government's components that a page can do without. Reveals need no script: see schoolgate.css.
// The address comes from the page, because published file names carry a digest.
const { Button, CharacterCount, ErrorSummary, PasswordInput, SkipLink, createAll } = await import(
  document.getElementById("govuk-frontend").href
);
document.body.classList.add("govuk-frontend-supported");
for (const component of [Button, CharacterCount, ErrorSummary, PasswordInput, SkipLink]) createAll(component);
