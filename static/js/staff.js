// Behaviour every staff page may use; each page works without it.
"use strict";

// After a mistake the summary takes focus, and a link in it moves focus to the field, not only the view.
const summary = document.querySelector(".error-summary");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.closest(".form-group, fieldset")?.scrollIntoView({ block: "center" });
  });
}

// <form data-warn-unsaved>: leaving the page with unsent words asks first.
for (const form of document.querySelectorAll("form[data-warn-unsaved]")) {
  let changed = summary !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

// A second press on a slow line sends nothing more.
for (const form of document.querySelectorAll("form[method='post']")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// <button data-print>
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
