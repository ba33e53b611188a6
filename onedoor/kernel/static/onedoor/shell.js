// What every page does beyond its links and forms: dialogs, toasts, copying, printing, htmx's refusals.
// Without JavaScript each of these is a link or a form that works.

const STAYS = 9000; // milliseconds that a toast is shown; an error stays until it is closed
const toasts = document.getElementById("toasts");
const fade = (box) => box.dataset?.tone !== "error" && setTimeout(() => box.remove(), STAYS);

document.documentElement.classList.add("js");
new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(fade))).observe(toasts, { childList: true });
[...toasts.children].forEach(fade);

/** Show a line at the edge of the page; `tone` is success, info, warning or error. */
export function toast(text, tone = "info") {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.tone = tone;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  toasts.append(box);
}

const reactions = {
  "[data-open]"(opener, event) {
    const dialog = document.querySelector(opener.dataset.open);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
  },
  "[data-dismiss]"(button) {
    button.closest(".toast, .notice")?.remove();
  },
  async "[data-copy]"(button) {
    await navigator.clipboard?.writeText(button.dataset.copy);
    toast(document.body.dataset.sayCopied, "success");
  },
  "[data-print]"() {
    window.print();
  },
};

document.addEventListener("click", (event) => {
  for (const [selector, react] of Object.entries(reactions)) {
    const found = event.target.closest(selector);
    if (found) react(found, event);
  }
  if (event.target.matches("dialog[open]")) event.target.close(); // a click beside the dialog
  for (const menu of document.querySelectorAll("details.account[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.account[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

document.querySelector("[data-focus]:not(.pattern *)")?.focus();
document.querySelector(".rail [aria-current], .tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// A refused form comes back with its errors and is shown; a problem's page is said in a line, so that what somebody
// wrote stays where it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400) return;
  const problem = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").querySelector(".problem");
  if (!problem) return;
  event.detail.shouldSwap = false;
  toast((problem.querySelector(".problem-said") ?? problem.querySelector("h1")).textContent, "error");
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.responseText.includes('class="problem"')) return; // said already
  toast(detail.xhr.status === 403 ? document.body.dataset.sayRefused : document.body.dataset.sayFailed, "error");
});
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.sayFailed, "error"));
document.addEventListener("htmx:afterSwap", (event) => event.detail.elt.querySelector?.("[data-focus]")?.focus());
