// The city's own map: grids on a canvas coloured by a count, matters gathered by place, a pin for a filing.
// No tiles are fetched from anywhere; Leaflet (the global L) draws what the pages' own addresses give.

const CELL = 56; // pixels: matters nearer than this on the screen are one circle
const MOST_NAMES = 40;
const NOWHERE = [35, 114];
const STEPS = 5; // colours of the choropleth above "none"
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const fetchJson = async (url) => (await fetch(url, { headers: { Accept: "application/json" } })).json();

/** Upper bounds of the colour classes: quantiles of the counts above zero, each bound only once. */
export function bounds(counts) {
  const some = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const at = (share) => some[Math.min(some.length - 1, Math.ceil(share * some.length) - 1)];
  return some.length ? [...new Set(Array.from({ length: STEPS }, (_, i) => at((i + 1) / STEPS)))] : [];
}

const classOf = (count, limits) => (count > 0 ? limits.findIndex((limit) => count <= limit) + 1 : 0);
const rampOf = (index, limits) => (index === 0 ? 0 : STEPS - limits.length + index);

function open(map, url) {
  if (!url) return;
  const panel = map.getContainer().dataset.panel;
  if (panel && window.htmx) window.htmx.ajax("GET", url, { target: panel, swap: "innerHTML" });
  else location.assign(url);
}

/** Counts that come apart from the shapes: these stay in the browser's cache while the question changes. */
export function count(shapes, { of, url }) {
  for (const { properties } of shapes.features) {
    properties.count = of[properties.code];
    properties.url = url?.replace("CODE", encodeURIComponent(properties.code));
  }
}

// -- grids -----------------------------------------------------------------------------------------------------

function drawGrids(map, shapes) {
  const limits = bounds(shapes.features.map((shape) => shape.properties.count ?? 0));
  const paint = (shape) => ({
    weight: 0.6,
    color: token("--edge"),
    opacity: 0.55,
    fillOpacity: 0.9,
    fillColor: token(`--ramp-${rampOf(classOf(shape.properties.count ?? 0, limits), limits)}`),
  });
  let chosen = null;
  const layer = L.geoJSON(shapes, {
    style: paint,
    renderer: map.options.renderer,
    onEachFeature(shape, drawn) {
      const { name, count, url } = shape.properties;
      drawn.bindTooltip(count === undefined ? name : `${name} · ${count}`, { sticky: true });
      if (!url) return;
      drawn.on("click", () => {
        if (chosen) layer.resetStyle(chosen);
        chosen = drawn.setStyle({ weight: 3, color: token("--door"), opacity: 1 }).bringToFront();
        open(map, url);
      });
    },
  }).addTo(map);
  repaintWithTheme(layer, paint);
  if (map.getContainer().dataset.legend && limits.length) drawLegend(map, limits, least(shapes));
  return layer;
}

function repaintWithTheme(layer, paint) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => layer.setStyle(paint));
}

const least = (shapes) => Math.min(...shapes.features.map((shape) => shape.properties.count || Infinity));

function drawLegend(map, limits, first) {
  const legend = L.control({ position: "bottomleft" });
  const { legend: words, sayNone } = map.getContainer().dataset;
  legend.onAdd = () => {
    const box = L.DomUtil.create("div", "map-legend");
    box.append(words, L.DomUtil.create("ol", ""));
    const from = (index) => (index ? limits[index - 1] + 1 : first);
    const steps = [[sayNone, 0], ...limits.map((to, i) => [from(i) === to ? `${to}` : `${from(i)}–${to}`, rampOf(i + 1, limits)])];
    for (const [text, ramp] of steps) box.lastChild.append(legendStep(text, ramp));
    return box;
  };
  legend.addTo(map);
}

function legendStep(text, ramp) {
  const step = document.createElement("li");
  const colour = step.appendChild(document.createElement("i"));
  colour.className = "map-swatch";
  colour.dataset.ramp = ramp;
  step.append(text);
  return step;
}

// -- borders and names -----------------------------------------------------------------------------------------

function drawOutline(map, shapes) {
  const style = (shape) => ({
    fill: false, interactive: false, color: token("--ink"), opacity: 0.75, weight: shape.properties.level === "county" ? 2.2 : 1,
  });
  const layer = L.geoJSON(shapes, { style, renderer: map.options.renderer }).addTo(map);
  repaintWithTheme(layer, style);
  map.createPane("names").style.zIndex = 640; // above the matters, below the tooltips
  const names = L.layerGroup().addTo(map);
  const rename = () => {
    const level = map.getZoom() >= (map.homeZoom ?? 9) + 2 ? "township" : "county";
    names.clearLayers();
    layer.eachLayer((drawn) => {
      if (drawn.feature.properties.level === level) names.addLayer(nameMark(drawn));
    });
  };
  map.on("zoomend", rename);
  rename();
  return layer;
}

/** Closer up, the polygons in view say their own names, as long as there are few enough to read. */
function nameInView(map, layer) {
  const names = L.layerGroup().addTo(map);
  const rename = () => {
    names.clearLayers();
    if (map.getZoom() < (map.homeZoom ?? 9) + 3) return;
    const seen = [];
    layer.eachLayer((drawn) => map.getBounds().contains(drawn.getBounds().getCenter()) && seen.push(drawn));
    if (seen.length <= MOST_NAMES) for (const drawn of seen) names.addLayer(nameMark(drawn, "grid"));
  };
  map.on("moveend", rename);
  rename();
}

function nameMark(drawn, level = drawn.feature.properties.level) {
  const { name } = drawn.feature.properties;
  const words = document.createElement("span");
  words.textContent = name;
  const icon = L.divIcon({ className: "map-name", html: words, iconSize: null });
  const mark = L.marker(drawn.getBounds().getCenter(), { icon, interactive: false, keyboard: false, pane: "names" });
  return mark.on("add", () => { mark.getElement().dataset.level = level; });
}

// -- matters ---------------------------------------------------------------------------------------------------

/** Points that share a cell of the screen, as [{lat, lon, items}]; a pure count, no distances to compute. */
export function gather(points, project) {
  const cells = new Map();
  for (const point of points) {
    const { x, y } = project(point);
    const key = `${Math.floor(x / CELL)}:${Math.floor(y / CELL)}`;
    cells.get(key)?.push(point) ?? cells.set(key, [point]);
  }
  return [...cells.values()].map((items) => ({
    items,
    lat: items.reduce((sum, item) => sum + item.lat, 0) / items.length,
    lon: items.reduce((sum, item) => sum + item.lon, 0) / items.length,
  }));
}

function drawPoints(map, collection) {
  const points = collection.features.map(({ geometry, properties }) => ({
    lon: geometry.coordinates[0], lat: geometry.coordinates[1], ...properties,
  }));
  const group = L.layerGroup().addTo(map);
  const redraw = () => {
    const view = map.getBounds().pad(0.2);
    const near = points.filter(({ lat, lon }) => view.contains([lat, lon]));
    group.clearLayers();
    for (const cluster of gather(near, ({ lat, lon }) => map.project([lat, lon]))) group.addLayer(mark(map, cluster));
  };
  map.on("moveend", redraw);
  redraw();
}

function mark(map, { items, lat, lon }) {
  const [first] = items;
  const alone = items.length === 1;
  const size = alone ? 24 : Math.min(26 + 6 * Math.log2(items.length), 58);
  const icon = L.divIcon({ className: alone ? "map-point" : "map-cluster", html: alone ? "" : String(items.length), iconSize: [size, size] });
  const drawn = L.marker([lat, lon], { icon, title: alone ? first.title : String(items.length), alt: first.title });
  drawn.on("add", () => { drawn.getElement().dataset.tone = items.some(({ tone }) => tone === "late") ? "late" : (first.tone ?? "plain"); });
  return drawn.on("click", () => {
    if (alone || map.getZoom() >= map.getMaxZoom()) open(map, first.url);
    else map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom()));
  });
}

// -- the pin of a filing ---------------------------------------------------------------------------------------

function pick(map) {
  const box = map.getContainer();
  const place = box.closest("[data-place]");
  const pin = document.getElementById("i-pin").cloneNode(true);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.append(...pin.childNodes);
  const marker = L.marker(map.getCenter(), {
    draggable: true, title: box.dataset.sayHere, icon: L.divIcon({ className: "map-pin", html: drawing, iconSize: [42, 42], iconAnchor: [21, 37] }),
  });
  const tell = ({ lat, lng }) => place.dispatchEvent(new CustomEvent("onedoor:point", { detail: { lon: lng, lat } }));
  marker.on("dragend", () => tell(marker.getLatLng()));
  map.on("click", (event) => tell(event.latlng));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tell(map.getCenter());
  });
  place.addEventListener("onedoor:point", ({ detail }) => {
    marker.setLatLng([detail.lat, detail.lon]).addTo(map);
    if (!map.getBounds().contains(marker.getLatLng())) map.setView(marker.getLatLng(), Math.max(map.getZoom(), 15));
  });
  const [lon, lat] = ["lon", "lat"].map((name) => Number.parseFloat(place.querySelector(`[data-${name}]`).value));
  if (lon && lat) marker.setLatLng([lat, lon]).addTo(map), map.setView([lat, lon], 15, { animate: false });
}

// -- whether it stands still -----------------------------------------------------------------------------------

const say = (map, state) => { map.getContainer().dataset.mapState = state; };

/** A map that says on its box from when it is told to turn somewhere (Leaflet begins only a frame later): "moving". */
function begin(box, options) {
  const Land = L.Map.extend({
    setView(...view) {
      say(this, "moving");
      return L.Map.prototype.setView.apply(this, view);
    },
  });
  return new Land(box, options);
}

/**
 * Says "ready" once everything is drawn where it stays. A press while the land zooms waits for that: Leaflet would
 * look for it in the land as it lay before, and find nothing or the neighbour. Most of a zoom is over at its first
 * sight, so the place pressed is the one that comes to lie there; the second press of a double click says no more.
 */
function settle(map) {
  const box = map.getContainer();
  let zooms = false;
  let kept = null;
  box.addEventListener("click", (event) => {
    if (!zooms || event.target.closest(".leaflet-control")) return;
    event.stopPropagation();
    if (event.detail < 2) kept = event;
  }, { capture: true });
  map.on("movestart zoomstart", () => say(map, "moving"));
  map.on("zoomstart", () => { zooms = true; });
  map.on("zoomend", () => { zooms = false; });
  map.on("moveend", () => {
    if (zooms) return;
    say(map, "ready");
    if (kept) pressAgain(box, kept);
    kept = null;
  });
  say(map, "ready");
}

function pressAgain(box, { clientX, clientY }) {
  const under = document.elementFromPoint(clientX, clientY);
  if (box.contains(under)) under.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX, clientY }));
}

// -- one map ---------------------------------------------------------------------------------------------------

async function make(box) {
  box.dataset.made = "1";
  const { grids, counts, outline, points, view, pick: picks, sayIn, sayOut } = box.dataset;
  const map = begin(box, {
    renderer: L.canvas({ padding: 0.4 }), attributionControl: false, zoomControl: false, minZoom: 7, maxZoom: 18, zoomSnap: 0.5,
    scrollWheelZoom: picks === undefined,
  });
  L.control.zoom({ position: "topright", zoomInTitle: sayIn ?? "+", zoomOutTitle: sayOut ?? "−" }).addTo(map);
  const [shapes, borders, matters, counted] = await Promise.all(
    [grids, outline, points, counts].map((url) => (url ? fetchJson(url) : null)),
  );
  if (shapes && counted) count(shapes, counted);
  const extent = L.geoJSON(shapes ?? borders ?? []).getBounds();
  if (view) {
    const [lon, lat, zoom] = view.split(",").map(Number);
    map.setView([lat, lon], zoom);
  } else if (extent.isValid()) map.fitBounds(extent, { padding: [12, 12] });
  else map.setView(NOWHERE, map.getMinZoom()); // a city whose outlines are not loaded yet
  map.homeZoom = map.getZoom();
  const land = shapes && drawGrids(map, shapes);
  if (borders) drawOutline(map, borders);
  if (land && borders) nameInView(map, land);
  if (matters) drawPoints(map, matters);
  if (picks !== undefined) pick(map);
  settle(map);
}

function makeAll(root) {
  for (const box of root.querySelectorAll("[data-map]:not([data-made])")) make(box);
}

makeAll(document);
document.addEventListener("htmx:load", (event) => makeAll(event.target.parentElement ?? document));
