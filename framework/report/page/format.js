// SPDX-License-Identifier: Apache-2.0
// Numbers and elements: everything from the data enters the page as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const rules = data.summary.rules.map(rule => rule.rule);
const reference = data.summary.reference;
const in_trials = data.trials !== null;
const is_of = task => data.experiment.task.trials?.type === task;
const has_metric = metric => data.summary.rules.some(rule => rule.metrics[metric]);
// Of fewer values no interval holds the median in 95 % of cases: what is shown is their range.
const least_for_interval = 6;
const interval_name = data.summary.seeds.length < least_for_interval ? "range" : "95 % interval";
const step_word = in_trials ? "trial" : "epoch";
const time_metric = step_word + "s_to_criterion";

// Okabe & Ito (2008), told apart by readers of any colour vision; then again with dashes.
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
const dashes = ["", "6 3", "2 3", "8 3 2 3"];
const colour_of = rule => palette[rules.indexOf(rule) % palette.length];
const dash_of = rule => dashes[Math.floor(rules.indexOf(rule) / palette.length) % dashes.length];

// Readouts that some rule's features have, and what they are judged by: test data, where there are any.
const readout_metric = name => name + (has_metric(name + "_test_accuracy") ? "_test_accuracy" : "_train_accuracy");
const readouts = (data.summary.readouts || []).filter(name => has_metric(readout_metric(name)));

const minus = text => text.replace("-", "\u2212");
const is_accuracy = metric => metric.endsWith("_accuracy");
const is_share = metric => is_accuracy(metric) || ["selectivity", "selected", "capacity"].includes(metric);
const title_of = metric => {
  const words = in_trials ? {
    test_loss: "error in test trials",
    train_loss: "error in training trials"
  } : {
    epochs_to_criterion: "epochs to criterion",
    area_under_curve: "area under the curve",
    seconds: "time",
    selectivity: "mean selectivity \u03b1",
    overlap: "overlap \u03b2",
    selected: "patterns any unit selects",
    dead_units: "dead units"
  };
  return words[metric] || metric.replaceAll("_", " ");
};
// What base64() made text of.
const bytes = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));
// The weight that a byte of a signed picture stands for.
const weight_text = (level, scale) => significant((level / 127 - 1) * scale, 3);
const sentence_case = text => text[0].toUpperCase() + text.slice(1);

function significant(value, digits) {
  return minus(Number(value.toPrecision(digits)).toLocaleString("en-GB", {maximumFractionDigits: 20}));
}

// A value of that metric; null means infinite or not measured.
function format(metric, value) {
  if (value === null || value === undefined) return metric === time_metric ? "never" : "\u2013";
  if (is_share(metric)) return (100 * value).toFixed(1);
  if (metric === "epochs_to_criterion") return significant(value, 3);
  if (metric === "updates" || metric === "trials_to_criterion") return Math.round(value).toLocaleString("en-GB");
  if (metric === "seconds") return duration(value);
  return significant(value, 3);
}

function duration(seconds) {
  if (seconds < 100) return significant(seconds, 3) + " s";
  if (seconds < 6000) return (seconds / 60).toFixed(1) + " min";
  return (seconds / 3600).toFixed(1) + " h";
}

function signed(metric, value) {
  if (value === null || value === undefined) return "never";
  const text = format(metric, Math.abs(value));
  return (value < 0 ? "\u2212" : value > 0 ? "+" : "") + text;
}

const unit_of = metric => (is_share(metric) ? ", %" : "");
const scaled = (metric, value) =>
  value === null || value === undefined ? NaN : is_accuracy(metric) ? 100 * value : value;

// element("td", {class: "x"}, "text", child, ...): strings become text nodes.
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function swatch(rule) {
  const mark = element("span", {class: "swatch", "aria-hidden": "true"});
  mark.style.background = colour_of(rule);
  return mark;
}

// What each [name, colour] stands for.
function colour_key(pairs) {
  return element("div", {class: "legend"}, ...pairs.map(([name, colour]) => {
    const mark = element("span", {class: "swatch", "aria-hidden": "true"});
    mark.style.background = colour;
    return element("span", {}, mark, name);
  }));
}

// A table of texts or elements, the first cell of each row being its heading.
function table(head, rows) {
  const header = element("thead", {}, element("tr", {}, ...head.map(text => element("th", {scope: "col"}, text))));
  const body = element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map((cell, i) => {
    if (i === 0) return element("th", {scope: "row"}, cell);
    return cell instanceof HTMLTableCellElement ? cell : element("td", {}, cell);
  }))));
  return element("div", {class: "scroll", tabindex: "0"}, element("table", {}, header, body));
}

function folded(title, ...children) {
  return element("details", {}, element("summary", {}, title), ...children);
}

// What takes long to draw, drawn when it is opened.
function lazy(title, draw) {
  const made = folded(title);
  made.addEventListener("toggle", () => made.append(draw()), {once: true});
  return made;
}

// The tab's title, the line above everything, the finding, and what it rests on.
function head(title, name) {
  document.title = title + " \u00b7 deltaw";
  document.getElementById("name").textContent = name;
  document.getElementById("headline").textContent = data.headline;
  document.getElementById("facts").append(...data.facts.map(fact => element("li", {}, fact)));
}

function section(id, title, note, ...children) {
  const made = element("section", {id, "aria-label": title}, element("h2", {}, title),
    note ? element("p", {class: "note"}, note) : null, ...children);
  document.getElementById("report").append(made);
  return made;
}
