"use strict";
// The quick estimate of supplysim/emulator/predict.py, for the outputs that this page shows.
const about = JSON.parse(document.getElementById("data").textContent);

function half(text) {  // float16 in base64, little-endian
  const view = new DataView(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
  return Float64Array.from({ length: view.byteLength / 2 }, (_, place) => {
    const bits = view.getUint16(2 * place, true), power = (bits >> 10) & 31, part = bits & 1023;
    return (bits >> 15 ? -1 : 1) * (power ? (1 + part / 1024) * 2 ** (power - 15) : part * 2 ** -24);
  });
}
const fitted = Object.fromEntries(Object.entries(about.fitted).map(([name, text]) => [name, half(text)]));
const columns = about.scale.length;

function features(x, states) {
  const bent = x.map(each => (1 - Math.exp(-about.steep * each)) / (1 - Math.exp(-about.steep)));
  const curves = [...x, ...bent], products = [];
  for (let i = 0; i < x.length; i++) for (let j = i + 1; j < x.length; j++) products.push(bent[i] * bent[j]);
  return [...curves, ...products, ...states.flatMap(state => curves.map(each => each * state))];
}

function times(f, matrix, width) {
  const sums = new Float64Array(width);
  f.forEach((each, row) => { if (each) for (let c = 0; c < width; c++) sums[c] += each * matrix[row * width + c]; });
  return sums;
}

// Of each column (an objective in a year, or in all): quantiles of the change and of the level, and the mean's change.
function predict(strengths, place) {
  const known = about.cases[place], x = about.levers.map(lever => strengths[lever.name] || 0);
  if (!x.some(each => each > 0)) {
    return { diff: known.base.map(() => [0, 0, 0, 0, 0]), level: known.base, relative: known.base.map(() => 0), cost: [0, 0] };
  }
  const f = features(x, known.indicators);
  const mean = times(f, fitted.mean, columns), spread = times(f, fitted.spread, columns);
  const ratio = times(f, fitted.ratio, columns), widened = times(f, fitted.variance, columns);
  const diff = [], level = [], relative = [];
  for (let c = 0; c < columns; c++) {
    const middle = mean[c] * about.scale[c], wide = Math.max(spread[c], 1e-6) * about.scale[c];
    const width = Math.sqrt(Math.min(Math.max(1 + widened[c], 0.05), 20));
    diff.push(about.z[c].map(z => middle + wide * z).sort((a, b) => a - b));
    level.push(known.log_base[c].map(base =>
      Math.max(Math.exp(known.log_middle[c] + ratio[c] + base * width) - about.floor[c], 0)));
    relative.push(known.mean[c] ? middle / known.mean[c] : NaN);
  }
  return { diff, level, relative, cost: Array.from(times(f, fitted.cost, 2)) };
}

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 2, notation: "compact" });
const signed = value => (value > 0 ? "+" : value < 0 ? "−" : "") + number.format(Math.abs(value)).replace("K", "k");
const plain = value => number.format(value).replace("K", "k");
const percent = value => Number.isNaN(value) ? "–" : (value > 0 ? "+" : value < 0 ? "−" : "") + Math.abs(100 * value).toFixed(1) + " %";
const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

function bar(quantiles, widest) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-1 0 2 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const at = value => widest ? value / widest : 0;
  const box = (left, right, top, height, fill) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height, fill })) rect.setAttribute(name, value);
    svg.append(rect);
  };
  box(-0.004, 0.004, 0, 1, "var(--line)");
  if (widest) {
    box(at(quantiles[0]), at(quantiles[4]), 0.3, 0.4, quantiles[2] > 0 ? "var(--rise)" : "var(--main)");
    box(at(quantiles[2]) - 0.008, at(quantiles[2]) + 0.008, 0.05, 0.9, "var(--ink)");
  }
  return svg;
}

function chosen() {
  const strengths = {};
  for (const lever of about.levers) {
    const value = Number(document.getElementById("lever-" + lever.name).value) / 100;
    if (value) strengths[lever.name] = value;
  }
  const values = about.states.map(state => document.getElementById("state-" + state.name).value);
  const place = about.cases.findIndex(each => about.states.every((state, i) => (each.case[state.name] || "") === values[i]));
  return { strengths, values, place };
}

function command({ strengths, values }) {
  const terms = about.levers.filter(lever => strengths[lever.name]).map(lever =>
    lever.term + (strengths[lever.name] === 1 ? "" : "=" + strengths[lever.name]));
  const states = about.states.map((state, i) => values[i] && ` --state ${state.name}=${values[i]}`).join("");
  return `supplysim compare ${about.scenario}${terms.length ? " -p " + terms.join("+") : ""}${states}`;
}

function show() {
  const wanted = chosen(), told = predict(wanted.strengths, wanted.place), base = about.cases[wanted.place].base;
  const spans = about.spans.length, count = Object.keys(wanted.strengths).length;
  for (const lever of about.levers) {
    const x = wanted.strengths[lever.name] || 0, amount = lever.without + x * (lever.full - lever.without);
    document.getElementById("amount-" + lever.name).textContent = `${amount.toFixed(lever.decimals)} ${lever.unit}`;
    document.getElementById("lever-" + lever.name).setAttribute("aria-valuetext", `${Math.round(100 * x)} of 100: ${amount.toFixed(lever.decimals)} ${lever.unit}`);
  }
  const tables = about.objectives.map((objective, place) => {
    const first = place * spans, widest = Math.max(...told.diff.slice(first, first + spans).flat().map(Math.abs));
    const table = make("table"), head = make("tr"), body = make("tbody"), top = make("thead");
    table.append(make("caption", objective.title), top, body);
    top.append(head);
    head.append(make("th", "", { scope: "col" }), make("th", "change in nine of ten worlds", { scope: "col" }),
      make("th", "", { scope: "col", class: "bar" }), make("th", "change of the mean", { scope: "col" }),
      make("th", "level, nine of ten worlds", { scope: "col" }), make("th", "as it stands", { scope: "col" }));
    about.spans.forEach((span, year) => {
      const column = first + year, row = make("tr"), diff = told.diff[column], cell = make("td", undefined, { class: "bar" });
      const none = count === 0;
      cell.append(bar(diff, widest));
      row.append(make("th", span, { scope: "row" }), make("td", none ? "–" : `${signed(diff[0])} to ${signed(diff[4])}`), cell,
        make("td", none ? "–" : percent(told.relative[column])),
        make("td", `${plain(told.level[column][0])} to ${plain(told.level[column][4])}`),
        make("td", `${plain(base[column][0])} to ${plain(base[column][4])}`));
      body.append(row);
    });
    return table;
  });
  document.getElementById("tables").replaceChildren(...tables);
  const whole = about.objectives.map((objective, place) => {
    const column = (place + 1) * spans - 1;
    return `${objective.short}: ${signed(told.diff[column][0])} to ${signed(told.diff[column][4])} (mean ${percent(told.relative[column])})`;
  });
  document.getElementById("summary").textContent = count === 0 ? "Move a lever: nothing is changed yet." :
    `Nine of ten worlds, ${about.spans[spans - 1]}: ${whole.join("; ")}. An estimate.`;
  document.getElementById("costs").textContent = count === 0 ? "" :
    `Mean cost a year: governments ${plain(told.cost[0] / (spans - 1))}, industry ${plain(told.cost[1] / (spans - 1))} million US$.`;
  document.getElementById("many").hidden = count <= about.most;
  document.getElementById("command").textContent = command(wanted);
  const link = [...Object.entries(wanted.strengths), ...about.states.map((state, i) => ["state." + state.name, wanted.values[i]])];
  try {
    history.replaceState(null, "", "#" + link.filter(([, value]) => value).map(pair => pair.map(encodeURIComponent).join("=")).join("&"));
  } catch (refused) { /* some browsers keep no state of a page from disk */ }
}

function build() {
  const levers = document.getElementById("sliders");
  for (const [group, title] of about.groups) {
    const members = about.levers.filter(lever => lever.group === group);
    if (members.length) levers.append(make("h3", title));
    for (const lever of members) {
      const box = make("div", undefined, { class: "lever" }), label = make("label", undefined, { for: "lever-" + lever.name });
      label.append(make("span", lever.short), make("output", "", { id: "amount-" + lever.name, for: "lever-" + lever.name }));
      box.append(label, make("input", undefined, { type: "range", min: 0, max: 100, step: 5, value: 0, id: "lever-" + lever.name, title: lever.title }));
      levers.append(box);
    }
  }
  const states = document.getElementById("states");
  for (const state of about.states) {
    const box = make("div", undefined, { class: "state" }), select = make("select", undefined, { id: "state-" + state.name });
    select.append(make("option", "as drawn", { value: "" }));
    for (const [value, chance] of state.values) select.append(make("option", `${value} (drawn in ${Math.round(100 * chance)} %)`, { value }));
    box.append(make("label", state.name, { for: "state-" + state.name }), select);
    states.append(box);
  }
  const link = new URLSearchParams(location.hash.slice(1));
  for (const lever of about.levers) {
    const value = Number(link.get(lever.name));
    if (value > 0 && value <= 1) document.getElementById("lever-" + lever.name).value = 100 * value;
  }
  for (const state of about.states) {
    const value = link.get("state." + state.name);
    if (state.values.some(([name]) => name === value)) document.getElementById("state-" + state.name).value = value;
  }
  document.getElementById("reset").addEventListener("click", () => {
    for (const lever of about.levers) document.getElementById("lever-" + lever.name).value = 0;
    show();
  });
  document.querySelector("main").addEventListener("input", show);
  show();
}
build();
