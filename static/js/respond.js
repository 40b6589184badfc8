// Only comfort: the page does all of its work without this.
(() => {
  const form = document.querySelector("form[data-rating]");
  if (!form) return;
  const opened = Date.now();
  const names = [...new Set([...form.querySelectorAll(".rating-item input")].map((one) => one.name))];
  const count = form.querySelector(".count");
  const button = form.querySelector("button[data-sending]");
  const label = button.textContent;
  const tell = () => {
    const done = names.filter((name) => form.querySelector(`input[name="${name}"]:checked`)).length;
    count.textContent = count.dataset.words.replace("#", done);
  };
  form.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled")) return event.preventDefault();
    const used = Math.round((Date.now() - opened) / 1000);
    form.elements.seconds.value = used + Number(form.elements.seconds.defaultValue || 0);
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending;
  });
  // Back from the receipt, or after a lost reply: the button works again.
  addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    tell();
  });
})();
