// SPDX-License-Identifier: Apache-2.0
// What layers learned without a teacher: what units select, how that came about, what readouts make of it.
const paper = "Squadrani, Curti et al. 2022, doi:10.3390/e24050682";
const feature_metrics = ["selectivity", "overlap", "selected", "capacity", "dead_units"];
const shown_rows = 60;

// The accuracy of every readout: a group for each readout, a row in it for each rule.
function readout_chart() {
  const named = rule => (rule.length > 24 ? rule.slice(0, 23) + "\u2026" : rule);
  const found = readouts.flatMap(name => data.summary.rules.filter(rule => rule.metrics[readout_metric(name)]).map(rule =>
    ({name, rule: rule.rule, ...scaled_estimate(readout_metric(name), rule.metrics[readout_metric(name)])})));
  const dots = found.flatMap(({name, rule}) => data.runs.filter(run => run.rule === rule && run.status === "finished" &&
    typeof run.metrics[readout_metric(name)] === "number").map(run => ({name, rule, seed: run.seed, value: scaled(readout_metric(name), run.metrics[readout_metric(name)])})));
  const shown = rules.filter(rule => found.some(entry => entry.rule === rule));
  const chart = Plot.plot({
    width: width_for(1), height: 40 + readouts.length * (26 + 20 * shown.length), marginTop: 26, marginRight: 12, style,
    marginLeft: Math.min(0.45 * width_for(1), 24 + 6.5 * d3.max(shown, rule => named(rule).length)),
    fy: {domain: readouts, axis: null, padding: 26 / (26 + 20 * shown.length)}, y: {domain: shown, label: null, tickSize: 0, tickFormat: named, padding: .3},
    x: {label: null, grid: true, nice: true, ticks: 6},
    marks: [
      Plot.text(readouts, {fy: name => name, frameAnchor: "top-left", dy: -16, text: name => name, fontWeight: 600}),
      Plot.ruleY(found, {fy: "name", y: "rule", x1: "low", x2: "high", stroke: d => colour_of(d.rule), strokeWidth: 7, strokeOpacity: .25}),
      Plot.dot(dots, {fy: "name", y: "rule", x: "value", r: 2.2, fill: d => colour_of(d.rule), fillOpacity: .6}),
      Plot.dot(found, {fy: "name", y: "rule", x: "median", symbol: "diamond", r: 4.5, fill: "white", stroke: d => colour_of(d.rule), strokeWidth: 2,
        title: d => `${d.name}, ${d.rule}: ${significant(d.median, 4)} (${significant(d.low, 4)} to ${significant(d.high, 4)})`})
    ]
  });
  return with_data(figure("Accuracy by readout, %", chart), ["readout", "rule", "seed", "accuracy, %"],
    () => dots.map(dot => [dot.name, dot.rule, String(dot.seed), significant(dot.value, 4)]));
}

function readout_section() {
  if (readouts.length === 0) return;
  const metrics = readouts.map(readout_metric);
  const rows = data.summary.rules.map(rule => [element("span", {}, swatch(rule.rule), rule.rule), ...metrics.map(metric => estimate_cell(rule, metric))]);
  const chart = () => readout_chart();
  section("readouts", "What readouts make of the features",
    `Each readout learns from the activity of the same frozen features, on the training part alone; a dot is one seed, the diamond the median and the bar its ${interval_name}.`,
    table(["Rule", ...metrics.map(metric => sentence_case(title_of(metric)) + unit_of(metric))], rows),
    readouts.length * rules.length > shown_rows ? lazy("Chart", chart) : chart());
}

function histogram_chart(entry, top, right) {
  const {counts, units} = entry, bins = counts.length;
  const bars = counts.map((count, i) => ({from: 100 * i / bins, to: 100 * (i + 1) / bins, share: 100 * count / units}))
    .filter(bar => bar.from < right);
  const dead = {from: -.05 * right, to: -.025 * right, share: 100 * entry.dead / units};
  const chart = Plot.plot({
    width: Math.min(340, width_for(3)), height: 200, marginLeft: 36, marginRight: 10, marginBottom: 38, style,
    x: {label: "% of patterns", labelArrow: "none", labelAnchor: "center", domain: [-.05 * right, right], ticks: 5},
    y: {label: null, grid: true, ticks: 4, domain: [0, top]},
    marks: [
      Plot.rectY(bars, {x1: "from", x2: "to", y: "share", fill: colour_of(entry.rule), fillOpacity: .6, insetLeft: .5,
        title: bar => `${significant(bar.from, 3)} to ${significant(bar.to, 3)} % of patterns: ${significant(bar.share, 3)} % of units`}),
      Plot.rectY(entry.dead > 0 ? [dead] : [], {x1: "from", x2: "to", y: "share", fill: "var(--ink)", title: () => `${entry.dead} dead units`}),
      Plot.ruleY([0], {stroke: "var(--soft)"})
    ]
  });
  const dead_words = entry.dead > 0 ? `; black: ${entry.dead} dead, ${significant(dead.share, 2)} %` : "";
  const made = figure(entry.rule, chart, `${entry.units} units of ${entry.seeds} ${entry.seeds === 1 ? "run" : "runs"}${dead_words}`);
  return with_data(made, ["patterns from, %", "to, %", "units, %"],
    () => bars.map(bar => [bar.from, bar.to, bar.share].map(value => significant(value, 3))));
}

function selectivity_section() {
  const found = feature_metrics.filter(has_metric), all = data.features.histograms;
  const top = 1.05 * d3.max(all, entry => 100 * Math.max(entry.dead, d3.max(entry.counts)) / entry.units);
  const right = d3.max(all, entry => 100 * (d3.max(entry.counts, (count, i) => (count > 0 ? i + 1 : 1)) / entry.counts.length));
  const part = data.features.runs[0].part;
  section("units", "What units select",
    `A unit selects the patterns that raise its activity above its mean over all patterns of the ${part} part (${paper}). Selectivity \u03b1: the share of patterns that it selects. ` +
    "Overlap \u03b2: the patterns that any unit selects over the mean number that one selects; 1 when all units select the same, the number of units when none select the same. " +
    "Capacity: the sum of \u03b1, at most all patterns. Dead: units that select none.",
    table(["Rule", ...found.map(metric => sentence_case(title_of(metric)) + unit_of(metric))], data.summary.rules.map(rule =>
      [element("span", {}, swatch(rule.rule), rule.rule), ...found.map(metric => estimate_cell(rule, metric))])),
    element("h3", {}, "Units, %, by the share of patterns that they select"),
    element("div", {class: "tiles"}, ...all.map(entry => histogram_chart(entry, top, right))));
}

// Units with a label, by label and then by how much of what they select is of its class.
function labelled(run) {
  const share = unit => run.per_class[unit][run.labels[unit]] / run.alpha[unit];
  const units = d3.range(run.alpha.length).filter(unit => run.labels[unit] !== null && run.alpha[unit] > 0);
  return d3.sort(units, unit => run.labels[unit], unit => -share(unit));
}

// Class by class, the mean share of what neighbouring units select, in so many columns at most.
function class_shares(run, units, most) {
  const columns = Math.min(units.length, most), classes = run.per_class[0].length;
  const cells = new Float32Array(columns * classes);
  for (let column = 0; column < columns; ++column) {
    const some = units.slice(Math.floor(column * units.length / columns), Math.floor((column + 1) * units.length / columns));
    for (let c = 0; c < classes; ++c) cells[c * columns + column] = d3.mean(some, unit => run.per_class[unit][c] / run.alpha[unit]);
  }
  return {columns, classes, cells};
}

function class_map(run) {
  const units = labelled(run), {columns, classes, cells} = class_shares(run, units, 240);
  const width = Math.min(520, width_for(2)), bars_width = 0.3 * width, height = 46 + Math.max(150, Math.min(17 * classes, 300));
  const every = classes > 20 ? 5 : 1, ticks = d3.range(0, classes, every);
  const y = {domain: [classes, 0], ticks: ticks.map(c => c + .5), tickFormat: at => String(Math.floor(at)), tickSize: 0};
  const map = Plot.plot({
    width: width - bars_width, height, marginLeft: 36, marginRight: 6, marginTop: 6, marginBottom: 40, style,
    x: {label: "units, by class", labelArrow: "none", labelAnchor: "center", domain: [0, units.length], ticks: 4, tickFormat: "d"},
    y: {...y, label: "class", labelArrow: "none", labelAnchor: "center"},
    color: {type: "sqrt", domain: [0, 1], range: ["#f6f8fa", "#08407e"], interpolate: "lab"},
    marks: [Plot.raster(cells, {width: columns, height: classes, x1: 0, x2: units.length, y1: 0, y2: classes, fill: share => share, imageRendering: "pixelated"})]
  });
  const counts = d3.range(classes).map(c => units.filter(unit => run.labels[unit] === c).length);
  const bars = Plot.plot({
    width: bars_width, height, marginLeft: 4, marginRight: 34, marginTop: 6, marginBottom: 40, style,
    x: {label: "units of a class", labelArrow: "none", labelAnchor: "center", ticks: 0}, y: {...y, axis: null},
    marks: [
      Plot.rectX(counts, {y1: (_, c) => c + .1, y2: (_, c) => c + .9, x: count => count, fill: colour_of(run.rule), fillOpacity: .6}),
      classes > 20 ? null : Plot.text(counts, {x: count => count, y: (_, c) => c + .5, text: String, textAnchor: "start", dx: 4})
    ]
  });
  const without = run.alpha.length - units.length;
  const made = figure(run.rule, element("div", {class: "pair"}, map, bars),
    `${units.length} units, seed ${run.seed}` + (without > 0 ? `, without the ${without} that have no class` : ""));
  map.setAttribute("role", "img");
  map.setAttribute("aria-label", `Classes that units of ${run.rule} select`);
  return with_data(made, ["class", "units"], counts.map((count, c) => [String(c), String(count)]));
}

function class_section() {
  const found = data.features.runs.filter(run => run.per_class.length > 0 && labelled(run).length > 0);
  if (found.length === 0) return;
  const maps = runs => element("div", {class: "grid"}, ...runs.map(class_map)), more = found.slice(mosaics_open);
  section("classes", "Which classes units stand for",
    "Each column is a unit, or the mean of neighbours, and shows how the patterns that it selects divide into classes; darker is more. Units are sorted by the class that the training data give them.",
    maps(found.slice(0, mosaics_open)), more.length > 0 ? lazy(`${more.length} more`, () => maps(more)) : null);
}

function features() {
  if (data.features === null) return;
  if (data.features.runs.length > 0) selectivity_section();
  class_section();
  feature_courses();
  lateral_section();
}
