// Draws the curves with Plotly where script runs; the page's own SVG stays for print and for everybody else.
"use strict";

const NARROW = 560; // px: below this the narrow layout with short names is taken
const LABEL_HEIGHT = 17; // px between the middles of two names at line ends
const form = document.querySelector(".series-choice");

function drawCurve(figure) {
  const data = JSON.parse(figure.querySelector("[data-figure]").textContent);
  const plot = figure.querySelector(".plot");
  const svg = figure.querySelector("svg");
  const drawings = figure.querySelectorAll(".drawing");
  plot.hidden = false;
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${svg.querySelector("title").textContent}. ${svg.querySelector("desc").textContent}`);
  let isNarrow = null;

  function layout() {
    isNarrow = figure.clientWidth < NARROW;
    return structuredClone(isNarrow ? data.narrow : data.layout);
  }

  // The names at line ends keep apart, in the order of their scores, for the lines that are shown now.
  function placeLabels(chart, shown) {
    for (const one of chart.annotations) if (series.has(one.name)) one.visible = shown.has(one.name);
    const visible = chart.annotations.filter((one) => one.xref === "paper" && one.name in ends);
    const [low, high] = chart.yaxis.range;
    const height = chart.height - chart.margin.t - chart.margin.b;
    const toPixels = (value) => ((high - value) / (high - low)) * height;
    const labels = visible.filter((one) => one.visible).sort((a, b) => toPixels(ends[a.name]) - toPixels(ends[b.name]));
    const places = labels.map((one) => toPixels(ends[one.name]));
    for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + LABEL_HEIGHT);
    let limit = Math.max(height, LABEL_HEIGHT * (places.length - 1));
    for (let i = places.length - 1; i >= 0; i--) { places[i] = Math.min(places[i], limit); limit = places[i] - LABEL_HEIGHT; }
    labels.forEach((one, i) => { one.y = high - (places[i] / height) * (high - low); });
  }

  const lines = data.data.filter((trace) => trace.meta.part === "line");
  const series = new Set(lines.map((trace) => trace.meta.series));
  const inMargin = new Set(data.layout.annotations.filter((one) => one.xref === "paper").map((one) => one.name));
  const ends = {};
  for (const trace of lines) {
    const values = trace.y.filter((value) => value !== null);
    if (values.length && inMargin.has(trace.meta.series)) ends[trace.meta.series] = values[values.length - 1];
  }

  function choice() {
    const shown = new Set(), boxes = form ? form.querySelectorAll("[name=show]") : [];
    for (const box of boxes) if (box.checked && series.has(box.value)) shown.add(box.value);
    if (!boxes.length) for (const key of series) shown.add(key);
    const radio = form && form.querySelector("[name=series]:checked");
    return { shown, selected: radio ? radio.value : null };
  }

  function traces() {
    const { shown, selected } = choice();
    return data.data.map((trace) => {
      const { series: key, part } = trace.meta;
      const size = isNarrow && part === "line" ? { marker: { ...trace.marker, size: 6 } } : {};
      return { ...trace, ...size, visible: part === "marks" || (part === "course" ? key === selected : shown.has(key)) };
    });
  }

  function draw() {
    const chart = layout();
    const range = plot.layout && plot.layout.xaxis.range;
    placeLabels(chart, choice().shown);
    if (range) chart.xaxis.range = range;
    Plotly.react(plot, traces(), chart, { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: "reset", showTips: false });
  }

  function zoom(factor) {
    const [from, to] = plot.layout.xaxis.range.map((day) => new Date(day).getTime());
    const middle = (from + to) / 2, half = ((to - from) / 2) * factor;
    Plotly.relayout(plot, { "xaxis.range": [middle - half, middle + half].map((time) => new Date(time).toISOString()) });
  }

  const tools = figure.querySelector(".plot-tools");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const what = event.target.dataset.zoom;
    if (what === "in") zoom(0.6);
    if (what === "out") zoom(1 / 0.6);
    if (what === "all") Plotly.relayout(plot, { "xaxis.range": [...data.layout.xaxis.range] });
  });

  draw();
  for (const drawing of drawings) drawing.hidden = true;
  new ResizeObserver(() => { if ((figure.clientWidth < NARROW) !== isNarrow) draw(); }).observe(figure);
  return draw;
}

const redraws = window.Plotly ? [...document.querySelectorAll("[data-curve]")].map(drawCurve) : [];

if (form && redraws.length) {
  form.classList.add("is-live");
  form.addEventListener("change", () => {
    for (const redraw of redraws) redraw();
    const query = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `?${query}#curve`);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

// An open menu closes with Escape and when the focus leaves it.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
