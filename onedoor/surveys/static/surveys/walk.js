// Walks a questionnaire by its skip rules: what an answer passes over is hidden; figures choose, Enter goes on.
(function () {
  "use strict";
  const END = "end";
  const form = document.querySelector("form[data-walk]");
  const told = document.getElementById("walk");
  if (!form || !told) return;
  const rules = JSON.parse(told.textContent);
  const block = (key) => { const one = form.querySelector(`[name="${key}"]`); return one && one.closest(".field"); };
  const chosen = (key) => { const one = form.querySelector(`[name="${key}"]:checked`); return one ? one.value : ""; };

  function walk() {
    const shown = new Set();
    for (let place = 0; place < rules.order.length;) {
      const key = rules.order[place];
      shown.add(key);
      const to = (rules.skip[key] || {})[chosen(key)];
      place = to === END ? rules.order.length : to ? rules.order.indexOf(to) : place + 1;
    }
    for (const key of rules.order) {
      const field = block(key);
      if (!field) continue;
      field.hidden = !shown.has(key);
      field.querySelectorAll("input, textarea").forEach((one) => { one.disabled = field.hidden; });
    }
  }

  function fields() { return rules.order.map(block).filter((one) => one && !one.hidden); }

  function onward(field) {
    const all = fields();
    const next = all[all.indexOf(field) + 1];
    const control = (next || form).querySelector(next ? "input, textarea" : "button.button");
    if (control) control.focus();
  }

  form.addEventListener("change", walk);
  form.addEventListener("keydown", (event) => {
    const field = event.target.closest(".field");
    if (!field || event.ctrlKey || event.altKey || event.metaKey) return;
    const typed = event.target.type;
    const options = field.querySelectorAll("input[type=radio], input[type=checkbox]");
    if (options.length && /^[1-9]$/.test(event.key) && options[event.key - 1]) {
      event.preventDefault();
      options[event.key - 1].click();
      options[event.key - 1].focus();
      if (options[0].type === "radio") onward(field);
    } else if (event.key === "Enter" && typed !== "textarea") {
      event.preventDefault();
      onward(field);
    }
  });
  walk();
})();
