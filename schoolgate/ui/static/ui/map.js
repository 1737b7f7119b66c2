// A map of places, each a letter in a shape that links to its page. Without it the list on the page says the same.
// Where there are many, those that lie close together are one shape with their number, and the letter of what is late
// among them; it opens as one comes nearer.
const MANY = 200;
const CELL = 64;
const LATE = ["lapsed", "ended"];
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

function bunch(places) {
  const late = places.find(({ properties }) => LATE.includes(properties.state));
  const html = late ? `${places.length} ${late.properties.letter}` : String(places.length);
  return L.divIcon({ className: `sg-pin sg-pin--bunch${late ? " sg-pin--late" : ""}`, html, iconSize: [56, 26] });
}

function links(places) {
  const box = document.createElement("div");
  box.className = "sg-map__bunch";
  box.append(...places.map(({ properties }) => popup(properties)));
  return box;
}

const at = ({ geometry: { coordinates: [longitude, latitude] } }) => L.latLng(latitude, longitude);

function single(place) {
  const marker = L.marker(at(place), { icon: pin(place.properties), keyboard: false });
  return marker.bindPopup(() => popup(place.properties));
}

function together(map, middle, places) {
  const bounds = L.latLngBounds(places.map(at));
  const marker = L.marker(middle, { icon: bunch(places), keyboard: false });
  if (map.getZoom() >= map.getMaxZoom() || bounds.getNorthEast().equals(bounds.getSouthWest())) {
    return marker.bindPopup(() => links(places), { maxHeight: 240 });
  }
  return marker.on("click", () => map.fitBounds(bounds, { padding: [40, 40], maxZoom: map.getMaxZoom() }));
}

// What lies in one cell of a grid that does not move with the map, and the middle of the cell.
function cells(map, places) {
  const found = new Map();
  const seen = map.getBounds().pad(0.1);
  for (const place of places.filter((one) => seen.contains(at(one)))) {
    const corner = map.project(at(place)).divideBy(CELL).floor();
    const cell = found.get(String(corner)) ?? [map.unproject(corner.add([0.5, 0.5]).multiplyBy(CELL)), []];
    found.set(String(corner), cell);
    cell[1].push(place);
  }
  return found.values();
}

function show(map, layer, places) {
  layer.clearLayers();
  const groups = places.length > MANY ? cells(map, places) : places.map((place) => [at(place), [place]]);
  for (const [middle, group] of groups) {
    layer.addLayer(group.length > 1 ? together(map, middle, group) : single(group[0]));
  }
}

async function draw() {
  const answer = await fetch(section.dataset.map, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { features } = await answer.json();
  if (!features.length) return;
  section.hidden = false;
  const map = L.map(section.querySelector("[data-map-ground]"), { attributionControl: false, maxZoom: 16 });
  map.fitBounds(L.latLngBounds(features.map(at)), { padding: [30, 30], maxZoom: 13 });
  const layer = L.layerGroup().addTo(map);
  show(map, layer, features);
  if (features.length > MANY) map.on("moveend", () => show(map, layer, features));
  L.control.scale().addTo(map);
}

if (section) {
  draw().catch(() => {
    section.hidden = false;
    section.querySelector("[data-map-ground]").textContent = section.dataset.failed;
  });
}
