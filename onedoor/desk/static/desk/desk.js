// What pages of the desk do beyond the shell: the form of an action opens in place, Ctrl Enter sends it, and the door's
// thoughts follow what a clerk chooses. Without JavaScript each form has a page of its own.

const slot = document.getElementById("act");
const thoughts = document.getElementById("thoughts");

if (!document.querySelector(".error-summary")) document.querySelector(".take-in textarea")?.focus();

slot?.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== slot) return; // a piece of the form, not a form that opens
  slot.scrollIntoView({ block: "nearest" });
  const field = slot.querySelector(".field-error, .error-summary")
    ? slot.querySelector("[data-focus]")
    : slot.querySelector("form :is(textarea, select, input:not([type=hidden]))");
  field?.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-act]") && slot?.firstElementChild) {
    event.preventDefault();
    slot.replaceChildren();
  }
  const forget = event.target.closest("[data-forget]");
  if (forget) {
    forget.form?.querySelector(`input[type=hidden][name="${forget.dataset.forget}"]`)?.remove();
    reconsider();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button:not([type=button])"));
});

function reconsider() {
  window.htmx?.trigger(thoughts, "onedoor:reconsider");
}

let chosen = null;
thoughts?.addEventListener("change", ({ target }) => {
  if (!["category", "category_other", "division"].includes(target.name)) return;
  chosen = { name: target.name, value: target.value };
  reconsider();
});
thoughts?.addEventListener("htmx:afterSwap", () => {
  if (!chosen) return;
  const again = thoughts.querySelector(`[name="${chosen.name}"][value="${CSS.escape(chosen.value)}"], select[name="${chosen.name}"]`);
  chosen = null;
  again?.focus({ preventScroll: true });
});

// What was opened of a checklist stays open when it is made anew.
let opened = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  opened = [...detail.target.querySelectorAll("[data-check][open]")].map((check) => check.dataset.check);
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  for (const key of opened) detail.target.querySelector(`[data-check="${key}"]`)?.setAttribute("open", "");
  opened = [];
});
