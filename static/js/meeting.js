// The meeting's page: voices on and off without asking the server, and the nearest point to a finger. Every button and
// link does the same without this file, by way of the server.
"use strict";

const voices = document.querySelector("[data-voices]");
const chips = voices ? [...voices.querySelectorAll("fieldset button")] : [];
const drawings = [...document.querySelectorAll("#curve [data-figure] svg.chart-svg")].filter((one) => !one.closest(".brought"));
const said = document.querySelector("[data-told]:not(button)");
const isShown = (chip) => chip.getAttribute("aria-pressed") === "true";
const voiceOf = (part) => part.dataset.series.split(".")[0]; // a series' key begins with whose it is

// Names at line ends keep apart, in the order of their scores: charts/layout.push_apart, for what is shown now.
function placeLabels(svg) {
  const { top, bottom, step } = svg.dataset;
  const labels = [...svg.querySelectorAll(".end-label")].filter((one) => one.getAttribute("display") !== "none");
  labels.sort((a, b) => a.dataset.anchor - b.dataset.anchor);
  const places = [];
  for (const label of labels) places.push(Math.max(+label.dataset.anchor, places.length ? places.at(-1) + +step : +top));
  let limit = Math.max(+bottom, +top + step * (places.length - 1));
  for (let i = places.length - 1; i >= 0; i--) { places[i] = Math.min(places[i], limit); limit = places[i] - step; }
  labels.forEach((label, i) => {
    const text = label.querySelector("text"), line = label.querySelector("line");
    text.setAttribute("y", places[i] + step * 0.28);
    if (line) line.setAttribute("y2", places[i]);
  });
}

// The assumed course is the first shown voice's that has one.
function drawShown() {
  const shown = new Set(chips.filter(isShown).map((chip) => chip.value));
  for (const svg of drawings) {
    const show = (part, is) => (is ? part.removeAttribute("display") : part.setAttribute("display", "none"));
    for (const part of svg.querySelectorAll(".chart-line, .chart-agreed, .end-label")) show(part, shown.has(voiceOf(part)));
    let found = false;
    for (const part of svg.querySelectorAll(".chart-course")) {
      const is = !found && shown.has(voiceOf(part));
      show(part, is);
      found ||= is;
    }
    placeLabels(svg);
  }
}

// Addresses on the page lead back to what is shown now.
function withShown(address) {
  const url = new URL(address, location.href);
  url.searchParams.delete("toggle");
  url.searchParams.delete("shown");
  const shown = chips.filter(isShown);
  for (const chip of shown) url.searchParams.append("shown", chip.value);
  if (!shown.length) url.searchParams.append("shown", "none");
  return url;
}

function keepState() {
  for (const link of document.querySelectorAll("a[data-keeps-state]")) link.href = withShown(link.href);
  for (const form of document.querySelectorAll("form[data-keeps-state]")) form.action = withShown(form.action);
  for (const old of voices.querySelectorAll("input[name=shown]")) old.remove();
  for (const key of withShown(location.href).searchParams.getAll("shown")) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "shown", value: key });
    voices.prepend(field);
  }
  history.replaceState(null, "", withShown(location.href));
}

function offerNext() {
  const next = chips.find((chip) => !isShown(chip));
  const big = voices.querySelector("[data-next]"), over = voices.querySelector("[data-start-over]");
  const had = document.activeElement === big;
  big.hidden = !next;
  over.hidden = !!next;
  if (next) {
    big.value = next.value;
    big.textContent = next.dataset.add;
  } else if (had) over.focus();
}

function toggle(chip) {
  const is = !isShown(chip);
  chip.setAttribute("aria-pressed", is);
  drawShown();
  offerNext();
  keepState();
  said.textContent = is ? chip.dataset.told : "";
}

if (chips.length) {
  voices.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=toggle]");
    const chip = button && chips.find((one) => one.value === button.value);
    if (!chip) return;
    event.preventDefault();
    toggle(chip);
  });
}

// Keys, when nobody is writing: right arrow or space adds the next voice, left arrow takes the last one away.
// On a point the arrows go along its line instead.
function isBusy(target) {
  return target.closest("input, textarea, select, button, summary, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const card = document.querySelector(".point-card:target");
  if (event.key === "Escape" && card) return void close(card);
  if (card && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    const way = card.querySelector(event.key === "ArrowLeft" ? "[rel=prev]" : "[rel=next]");
    if (way) { event.preventDefault(); open(way.hash); }
    return;
  }
  if (!chips.length || (isBusy(target) && !(voices.contains(target) && event.key.startsWith("Arrow")))) return;
  if (event.key === " " && target.closest("a")) return;
  if (voices.closest("section").getBoundingClientRect().bottom < window.innerHeight / 4) return; // the curve is out of sight
  const shown = chips.filter(isShown);
  if (event.key === "ArrowRight" || event.key === " ") {
    const next = chips.find((chip) => !isShown(chip));
    if (!next) return;
    event.preventDefault();
    toggle(next);
  } else if (event.key === "ArrowLeft" && shown.length > 1) {
    event.preventDefault();
    toggle(shown.at(-1));
  }
});

// --- points -------------------------------------------------------------------------------------------------------

const REACH = 44; // px: how far from a point a tap still means it

function open(hash) {
  location.replace(hash); // no step in the history for each point
  document.querySelector(hash)?.focus({ preventScroll: true });
  for (const link of document.querySelectorAll(".open-point")) link.classList.toggle("is-open", link.getAttribute("href") === hash);
}

function close(card) {
  const link = [...document.querySelectorAll(`.open-point[href="#${card.id}"]`)].find((one) => one.getClientRects().length);
  const { scrollX, scrollY } = window;
  location.replace(card.querySelector("[data-close]").hash);
  window.scrollTo(scrollX, scrollY);
  link?.classList.remove("is-open");
  link?.focus({ preventScroll: true });
}

for (const svg of document.querySelectorAll("[data-figure] svg.chart-svg")) {
  svg.addEventListener("click", (event) => {
    const links = [...svg.querySelectorAll(".chart-line:not([display=none]) .open-point")];
    const distance = (link) => {
      const box = link.querySelector("rect").getBoundingClientRect();
      return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    };
    const isKey = event.detail === 0;
    const found = isKey ? event.target.closest(".open-point") : links.sort((a, b) => distance(a) - distance(b))[0];
    if (!found || (!isKey && distance(found) > REACH)) return;
    event.preventDefault();
    open(found.getAttribute("href"));
  });
}
document.addEventListener("click", (event) => {
  const way = event.target.closest(".point-card a, .room-table a[href^='#']");
  if (!way) return;
  event.preventDefault();
  if (way.matches("[data-close]")) close(way.closest(".point-card"));
  else open(way.hash);
});

// --- where on the page we are ---------------------------------------------------------------------------------------

const steps = [...document.querySelectorAll(".room-steps a")];
if (steps.length && "IntersectionObserver" in window) {
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const step of steps) {
        const is = step.hash === `#${entry.target.id}`;
        step.classList.toggle("is-here", is);
        if (is) step.setAttribute("aria-current", "location"); else step.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-25% 0px -65% 0px" });
  for (const step of steps) { const part = document.querySelector(step.hash); if (part) watch.observe(part); }
}
