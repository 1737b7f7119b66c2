// A map of places, each a letter in a shape that links to its page. Without it the list on the page says the same.
const section = document.querySelector("[data-map]");

function pin({ letter, state }) {
  return L.divIcon({ className: `sg-pin sg-pin--${state}`, html: letter, iconSize: [26, 26] });
}

function popup({ name, words, href }) {
  const link = Object.assign(document.createElement("a"), { href, textContent: name, className: "govuk-link" });
  const box = document.createElement("div");
  box.append(link, document.createElement("br"), words);
  return box;
}

async function draw() {
  const answer = await fetch(section.dataset.map, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const places = await answer.json();
  if (!places.features.length) return;
  section.hidden = false;
  const map = L.map(section.querySelector("[data-map-ground]"), { attributionControl: false, maxZoom: 16 });
  const layer = L.geoJSON(places, {
    pointToLayer: ({ properties }, at) => L.marker(at, { icon: pin(properties), keyboard: false }),
    onEachFeature: ({ properties }, marker) => marker.bindPopup(() => popup(properties)),
  });
  map.fitBounds(layer.addTo(map).getBounds(), { padding: [30, 30], maxZoom: 13 });
  L.control.scale().addTo(map);
}

if (section) {
  draw().catch(() => {
    section.hidden = false;
    section.querySelector("[data-map-ground]").textContent = section.dataset.failed;
  });
}
