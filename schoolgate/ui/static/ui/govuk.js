// The address comes from the page, because published file names carry a digest.
const { initAll } = await import(document.getElementById("govuk-frontend").href);
initAll();
