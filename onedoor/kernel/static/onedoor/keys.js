// The keyboard on the desk: j and k walk the rows, letters on [data-key] press what carries them, Ctrl K opens
// the commands, "?" shows all of it. Single keys can be switched off (WCAG 2.1.4); the choice stays in this browser.

const SWITCH = "onedoor-single-keys";
const PAUSE = 1500; // how long "g" waits for its second letter, in milliseconds
const palette = document.getElementById("palette");
const shortcuts = document.getElementById("shortcuts");
let pending = "";
let forget = 0;

const singleKeys = () => localStorage.getItem(SWITCH) !== "off";
const typing = (target) => target.closest("input, textarea, select, [contenteditable], .leaflet-container");
const shown = (element) => element.getClientRects().length > 0;

function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")].filter(shown);
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.ariaSelected === "true");
  const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
  all[now]?.removeAttribute("aria-selected");
  next.setAttribute("aria-selected", "true");
  (next.querySelector("a, button") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (next === all.at(-1)) next.parentElement.querySelector(".more-row [hx-get]")?.click();
}

function press(letters) {
  const found = [...document.querySelectorAll("[data-key]")].find((el) => el.dataset.key === letters && shown(el));
  found?.click();
  return Boolean(found);
}

function sequence(key) {
  clearTimeout(forget);
  const letters = pending ? `${pending} ${key}` : key;
  pending = "";
  if (press(letters)) return true;
  const begins = [...document.querySelectorAll("[data-key]")].some((el) => el.dataset.key.startsWith(`${letters} `));
  if (begins) {
    pending = letters;
    forget = setTimeout(() => { pending = ""; }, PAUSE);
  }
  return begins;
}

const single = {
  j: () => step(1),
  k: () => step(-1),
  "?": showKeys,
  "/": () => document.querySelector("[data-search], .filter-bar input[type=search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!singleKeys() || document.querySelector("dialog[open]")) return;
  const known = !pending && single[event.key];
  if (known) known();
  if (known || sequence(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) openPalette();
  const row = event.target.closest("[data-row]");
  const inner = event.target.closest("a, button, input, label, details, select");
  if (row && !inner && !getSelection().toString()) row.querySelector(".row-link")?.click();
});

// -- the list of keys ------------------------------------------------------------------------------------------

function keyCaps(letters) {
  return letters.split(" ").map((letter) => Object.assign(document.createElement("kbd"), { textContent: letter }));
}

function showKeys() {
  const list = shortcuts.querySelector("[data-keys]");
  for (const old of list.querySelectorAll("[data-found]")) old.remove();
  for (const carrier of document.querySelectorAll("[data-key]")) {
    if (!shown(carrier)) continue;
    const line = document.createElement("div");
    line.dataset.found = "";
    const keys = document.createElement("dt");
    keys.append(...keyCaps(carrier.dataset.key));
    const words = document.createElement("dd");
    words.textContent = carrier.textContent.trim();
    line.append(keys, words);
    list.append(line);
  }
  shortcuts.querySelector("[data-single-keys]").checked = singleKeys();
  shortcuts.showModal();
}

shortcuts?.querySelector("[data-single-keys]").addEventListener("change", ({ target }) => {
  localStorage.setItem(SWITCH, target.checked ? "on" : "off");
});

// -- the commands ----------------------------------------------------------------------------------------------

function commands() {
  const found = document.querySelectorAll(".rail a, .page-header .actions > *, [data-command], [data-key]");
  return [...new Set(found)].filter((el) => shown(el) && el.textContent.trim());
}

function openPalette() {
  const input = palette.querySelector("input");
  input.value = "";
  palette.showModal();
  fill("");
}

function fill(words) {
  const list = palette.querySelector("ul");
  const wanted = words.trim().toLowerCase();
  const lines = commands().filter((el) => el.textContent.toLowerCase().includes(wanted)).slice(0, 12).map(commandLine);
  const search = document.querySelector(".bar-search");
  if (wanted && search) lines.push(searchLine(search, words));
  list.replaceChildren(...lines);
  palette.querySelector(".palette-none").hidden = lines.length > 0;
  mark(0);
}

function commandLine(carrier, index) {
  const line = optionLine(carrier.textContent.trim(), `palette-${index}`, carrier.querySelector("svg"));
  if (carrier.dataset.key) line.append(...keyCaps(carrier.dataset.key));
  line.run = () => carrier.click();
  return line;
}

function searchLine(form, words) {
  const line = optionLine(`${form.querySelector("input").placeholder} “${words}”`, "palette-search", form.querySelector("svg"));
  line.run = () => {
    form.querySelector("input").value = words;
    form.requestSubmit();
  };
  return line;
}

function optionLine(words, id, picture) {
  const line = Object.assign(document.createElement("li"), { id, role: "option" });
  if (picture) line.append(picture.cloneNode(true));
  line.append(Object.assign(document.createElement("span"), { textContent: words }));
  line.addEventListener("click", () => run(line));
  return line;
}

function run(line) {
  palette.close();
  line?.run();
}

function mark(index) {
  const lines = [...palette.querySelectorAll("li")];
  const at = lines.length ? (index + lines.length) % lines.length : -1;
  lines.forEach((line, i) => line.setAttribute("aria-selected", String(i === at)));
  palette.querySelector("input").setAttribute("aria-activedescendant", lines[at]?.id ?? "");
  lines[at]?.scrollIntoView({ block: "nearest" });
}

palette?.querySelector("input").addEventListener("input", ({ target }) => fill(target.value));
palette?.addEventListener("keydown", (event) => {
  const lines = [...palette.querySelectorAll("li")];
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(at + 1);
  else if (event.key === "ArrowUp") mark(at - 1);
  else if (event.key === "Enter") run(lines[at]);
  else return;
  event.preventDefault();
});
