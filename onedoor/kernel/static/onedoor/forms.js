// Forms that help: a second press sends nothing twice, words typed are not lost with the network, photos show
// before they are sent, long texts say how much room is left. Runs on the page and on whatever htmx brings.

const KEEP = "onedoor-draft:";

function guardDoubleSubmit(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || form.method === "dialog") return;
    setTimeout(() => button.setAttribute("aria-busy", "true"));
    setTimeout(() => button.removeAttribute("aria-busy"), 8000);
  });
}

/** data-draft="name": what was typed stays in this tab (sessionStorage only) until the form is sent. */
function keepDraft(form) {
  const key = KEEP + form.dataset.draft;
  const fields = [...form.elements].filter((el) => el.name && /^(text|textarea|tel|date|select-one)$/.test(el.type));
  const saved = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields) {
    if (!field.value && saved[field.name]) field.value = saved[field.name];
  }
  form.addEventListener("input", () => {
    const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
}

function countLetters(area) {
  const left = document.createElement("span");
  left.className = "counter";
  area.after(left);
  const say = () => {
    left.textContent = `${area.value.length} / ${area.maxLength}`;
    left.toggleAttribute("data-full", area.value.length >= area.maxLength);
  };
  area.addEventListener("input", say);
  say();
}

function showFiles(drop) {
  const input = drop.querySelector("input");
  const list = drop.parentElement.querySelector("[data-file-list]");
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map(fileLine));
    list.hidden = !input.files.length;
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(name, () => drop.toggleAttribute("data-over", over));
  }
}

function fileLine(file) {
  const line = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
    line.append(picture);
  }
  const words = document.createElement("span");
  words.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
  line.append(words);
  return line;
}

/** "Where I am": fills longitude and latitude, and says so to whatever listens for their change (the map, htmx). */
function locate(place) {
  const said = place.querySelector("[data-place-said]");
  place.querySelector("[data-locate]")?.addEventListener("click", () => {
    const refuse = () => tell(said, said.dataset.sayDenied, true);
    if (!navigator.geolocation) return refuse();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        place.dispatchEvent(new CustomEvent("onedoor:point", { detail: { lon: coords.longitude, lat: coords.latitude } }));
        tell(said, said.dataset.sayFound, false);
      },
      refuse,
      { enableHighAccuracy: true, timeout: 12000 },
    );
  });
  place.addEventListener("onedoor:point", ({ detail }) => {
    for (const [name, value] of [["lon", detail.lon], ["lat", detail.lat]]) {
      const input = place.querySelector(`[data-${name}]`);
      input.value = value.toFixed(6);
      if (!detail.quiet) input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

/** One more empty line at the end of a list of tasks or rows, numbered after the last. */
function addLine(button) {
  const lines = button.parentElement.querySelector("[data-lines]");
  button.addEventListener("click", () => {
    const line = lines.lastElementChild.cloneNode(true);
    for (const field of line.querySelectorAll("[name]")) {
      field.name = field.name.replace(/-\d+-/, `-${lines.children.length}-`);
      field.value = "";
    }
    lines.append(line);
    line.querySelector("select, input, textarea").focus();
  });
}

/** Typing leaves only the options that hold the words, and those chosen; Enter chooses the first. */
function narrow(input) {
  const options = [...input.parentElement.querySelectorAll(".option")];
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const option of options) {
      option.hidden = !option.textContent.toLowerCase().includes(wanted) && !option.querySelector(":checked");
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    options.find((option) => !option.hidden && !option.querySelector(":checked"))?.click();
  });
}

function tell(line, words, bad) {
  line.textContent = words;
  line.toggleAttribute("data-bad", bad);
}

const helps = {
  "form[method=post]": guardDoubleSubmit,
  "form[data-draft]": keepDraft,
  "textarea[data-count]": countLetters,
  "[data-files]": showFiles,
  "[data-place]": locate,
  "[data-add-line]": addLine,
  "[data-narrow]": narrow,
};

function help(root) {
  for (const [selector, make] of Object.entries(helps)) {
    for (const found of root.querySelectorAll(selector)) {
      const mark = `helped${make.name}`;
      if (!found.dataset[mark]) {
        found.dataset[mark] = "1";
        make(found);
      }
    }
  }
}

// -- what is chosen while an answer is on its way ----------------------------------------------------------------

let turn = 0;
const chosen = new Map(); // by name, for a checkbox by name and value
const asked = new WeakMap(); // a request, and after how many choices it went out

document.addEventListener("change", ({ target: { type, form, name, value, checked } }) => {
  if (type !== "radio" && type !== "checkbox") return;
  turn += 1;
  chosen.set(type === "radio" ? name : `${name}=${value}`, { turn, form, name, value, checked });
}, { capture: true }); // before what asks because of it
document.addEventListener("htmx:beforeSend", ({ detail }) => asked.set(detail.xhr, turn));
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const before = asked.get(detail.xhr) ?? turn;
  for (const one of chosen.values()) {
    if (one.turn > before) chooseAgain(one);
  }
});

/** The answer brought the same choices anew, as they stood when it was asked for. */
function chooseAgain({ form, name, value, checked }) {
  const field = [...(form?.elements ?? [])].find((el) => el.name === name && el.value === value && "checked" in el);
  if (field) field.checked = checked;
}

help(document);
document.addEventListener("htmx:load", (event) => help(event.target.parentElement ?? document));
