// SPDX-License-Identifier: Apache-2.0
// The charts, by Observable Plot. Each is a figure with a title, an accessible name, and the data
// behind it.
const metrics_drawn = ["test_accuracy", "train_accuracy", "validation_accuracy", "test_loss", "train_loss", "validation_loss"];
const style = {fontSize: "12px", background: "transparent", color: "var(--ink)"};

function width_for(columns) {
  const page = document.getElementById("report").clientWidth - 40;
  const fits = Math.max(1, Math.min(columns, Math.floor((page + 32) / (26 * 16 + 32))));
  return Math.max(280, Math.min(1050, (page - 32 * (fits - 1)) / fits));
}

function figure(title, chart, caption) {
  if (chart.tagName.toLowerCase() === "svg") {
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", title);
  }
  return element("figure", {}, element("h3", {}, title), chart, caption ? element("figcaption", {}, caption) : null);
}

// The numbers behind a figure, folded below it; `rows` may be a function, called when it is opened.
function with_data(made, head, rows) {
  made.append(typeof rows === "function" ? lazy("Data", () => table(head, rows())) : folded("Data", table(head, rows)));
  return made;
}

function legend() {
  const line = rule => {
    const svg = d3.create("svg").attr("viewBox", "0 0 30 10").attr("aria-hidden", "true");
    svg.append("line").attr("x1", 0).attr("x2", 30).attr("y1", 5).attr("y2", 5).attr("stroke", colour_of(rule))
      .attr("stroke-width", 3).attr("stroke-dasharray", dash_of(rule));
    return svg.node();
  };
  return element("div", {class: "legend"}, ...rules.map(rule => element("span", {}, line(rule), rule)));
}

// For each epoch: quartiles over {epochs, values} of runs that were measured then.
function quartiles_by_epoch(runs) {
  const values = new Map();
  for (const run of runs) {
    run.epochs.forEach((epoch, i) => {
      if (run.values[i] === null) return;
      if (!values.has(epoch)) values.set(epoch, []);
      values.get(epoch).push(run.values[i]);
    });
  }
  return [...values].sort((a, b) => a[0] - b[0]).map(([epoch, list]) => ({
    epoch, n: list.length, low: d3.quantile(list, .25), median: d3.median(list), high: d3.quantile(list, .75)
  }));
}

function bands(rule, metric) {
  const runs = data.runs.filter(run => run.rule === rule && run.status === "finished" && run.curve[metric]);
  return quartiles_by_epoch(runs.map(run => ({epochs: run.curve.epoch,
    values: run.curve[metric].map(value => (value === null ? null : scaled(metric, value)))})));
}

// 1, 2 and 5 times powers of ten; powers alone when there are many, round numbers when there are few.
function log_ticks(points) {
  const low = d3.min(points, point => point.low), high = d3.max(points, point => point.high);
  const powers = d3.range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1);
  const digits = powers.length > 4 ? [1] : [1, 2, 5];
  const ticks = powers.flatMap(power => digits.map(digit => digit * 10 ** power)).filter(tick => tick >= low && tick <= high);
  return ticks.length < 2 ? d3.ticks(low, high, 4) : ticks;
}

function learning_curve(metric, caption) {
  const lines = rules.map(rule => ({rule, points: bands(rule, metric)})).filter(line => line.points.length > 0);
  if (lines.length === 0) return null;
  const is_log = !is_accuracy(metric) && lines.every(line => line.points.every(point => point.low > 0));
  return band_chart(sentence_case(title_of(metric)) + unit_of(metric), lines, is_log, [], caption);
}

// So many ticks that none falls between two epochs.
const whole_ticks = points => Math.max(1, Math.min(6, d3.max(points, point => point.epoch) - d3.min(points, point => point.epoch)));

// A line and a band for each {rule, points: [{epoch, n, low, median, high}]}; `marks` go below them.
function band_chart(title, lines, is_log, marks, caption) {
  const points = lines.flatMap(line => line.points.map(point => ({rule: line.rule, ...point})));
  const chart = Plot.plot({
    width: width_for(2), height: 270, marginLeft: 48, marginRight: 8, style,
    x: {label: step_word, nice: false, ticks: whole_ticks(points), tickFormat: "d"},
    y: {label: null, grid: true, type: is_log ? "log" : "linear", tickFormat: is_log ? tick => significant(tick, 3) : undefined,
      ticks: is_log ? log_ticks(points) : 5},
    marks: [
      ...marks,
      ...lines.flatMap(line => [
        Plot.areaY(line.points, {x: "epoch", y1: "low", y2: "high", fill: colour_of(line.rule), fillOpacity: .18}),
        Plot.lineY(line.points, {x: "epoch", y: "median", stroke: colour_of(line.rule), strokeWidth: 2,
          strokeDasharray: dash_of(line.rule)})
      ]),
      Plot.tip(points, Plot.pointer({x: "epoch", y: "median",
        title: p => `${p.rule}, ${step_word} ${p.epoch}\n${significant(p.median, 4)} (${significant(p.low, 4)} to ${significant(p.high, 4)})`}))
    ]
  });
  const rows = points.map(p =>
    [p.rule, String(p.epoch), String(p.n), ...[p.median, p.low, p.high].map(v => significant(v, 4))]);
  return with_data(figure(title, chart, caption), ["rule", step_word, "runs", "median", "25 %", "75 %"], rows);
}

// One row a rule: a dot for each seed, the median and its interval. `estimates` maps a rule to
// {median, low, high} and `dots` lists {rule, seed, value}, both in the units drawn.
function strips(title, shown, dots, estimates, options) {
  const chart = Plot.plot({
    width: width_for(options.columns), height: 44 + 54 * shown.length, marginLeft: 8, marginRight: 12,
    marginTop: 6, marginBottom: 40, style,
    x: {label: options.label, grid: true, nice: true, ticks: 6, labelAnchor: "center"},
    y: {domain: shown, type: "point", axis: null, padding: .6},
    marks: [
      options.zero ? Plot.ruleX([0], {stroke: "var(--soft)"}) : null,
      Plot.text(shown, {x: null, y: rule => rule, frameAnchor: "left", text: rule => rule, dy: -17, fontWeight: 600,
        fill: "currentColor", stroke: "white", strokeWidth: 4}),
      Plot.ruleY(estimates, {y: "rule", x1: "low", x2: "high", stroke: d => colour_of(d.rule), strokeWidth: 8, strokeOpacity: .25}),
      Plot.dot(dots, {y: "rule", x: "value", r: 3.5, fill: d => colour_of(d.rule), fillOpacity: .65, stroke: "white", strokeWidth: .5}),
      Plot.dot(estimates, {y: "rule", x: "median", symbol: "diamond", r: 6, fill: "white", stroke: d => colour_of(d.rule), strokeWidth: 2.5})
    ]
  });
  const made = figure(title, chart, options.caption);
  return with_data(made, ["rule", "seed", options.label],
    dots.map(dot => [dot.rule, String(dot.seed), options.format(dot.raw)]));
}

function final_values(metric) {
  const dots = data.runs.filter(run => run.status === "finished" && typeof run.metrics[metric] === "number").map(run =>
    ({rule: run.rule, seed: run.seed, raw: run.metrics[metric], value: scaled(metric, run.metrics[metric])}));
  if (dots.length === 0) return null;
  const found = data.summary.rules.filter(rule => rule.metrics[metric] && rule.metrics[metric].median !== null);
  const estimates = found.map(rule => ({rule: rule.rule, ...scaled_estimate(metric, rule.metrics[metric])}));
  return strips(sentence_case(title_of(metric)) + " at the end", found.map(rule => rule.rule), dots, estimates,
    {columns: 2, label: title_of(metric) + unit_of(metric), format: value => format(metric, value)});
}

function scaled_estimate(metric, estimate) {
  return {median: scaled(metric, estimate.median), low: scaled(metric, estimate.low), high: scaled(metric, estimate.high)};
}

function paired(metric) {
  const of_reference = new Map(data.runs.filter(run => run.rule === reference && run.status === "finished").map(run =>
    [run.seed, run.metrics[metric]]));
  const found = data.summary.rules.filter(rule => rule.versus_reference[metric] && rule.versus_reference[metric].median !== null);
  const shown = found.map(rule => rule.rule);
  const dots = data.runs.filter(run => shown.includes(run.rule) && run.status === "finished" &&
    typeof run.metrics[metric] === "number" && typeof of_reference.get(run.seed) === "number").map(run => {
    const raw = run.metrics[metric] - of_reference.get(run.seed);
    return {rule: run.rule, seed: run.seed, raw, value: scaled(metric, raw)};
  });
  if (dots.length === 0) return null;
  const estimates = found.map(rule => ({rule: rule.rule, ...scaled_estimate(metric, rule.versus_reference[metric])}));
  const label = `${title_of(metric)} minus ${reference}` + (is_accuracy(metric) ? ", points" : "");
  return strips(sentence_case(title_of(metric)) + ", difference to " + reference, shown, dots, estimates,
    {columns: 2, label, zero: true, format: value => signed(metric, value)});
}

function confusion(entry) {
  const classes = entry.counts.length;
  const cells = entry.counts.flatMap((row, truth) => {
    const all = d3.sum(row);
    return row.map((count, answer) => ({truth, answer, count, share: all > 0 ? count / all : 0}));
  });
  const axis = {domain: d3.range(classes), tickSize: 0, ticks: classes > 20 ? d3.range(0, classes, 5) : undefined};
  const side = Math.min(340, width_for(3));
  const chart = Plot.plot({
    width: side, height: side, marginLeft: 36, marginTop: 6, marginRight: 6, marginBottom: 34, style,
    x: {...axis, label: "answer", labelArrow: "none", labelAnchor: "center", padding: .04},
    y: {...axis, label: "true class", labelArrow: "none", labelAnchor: "center", padding: .04},
    color: {type: "sqrt", domain: [0, 1], range: ["#f6f8fa", "#08407e"], interpolate: "lab"},
    marks: [
      Plot.cell(cells, {x: "answer", y: "truth", fill: "share", title: d => `${d.count} of class ${d.truth} taken for ${d.answer}`}),
      classes > 20 ? null : Plot.text(cells.filter(d => d.share >= .005), {x: "answer", y: "truth",
        text: d => (100 * d.share).toFixed(0), fontSize: 10, fill: d => (d.share > .25 ? "white" : "black")})
    ]
  });
  const made = figure(entry.rule, chart, `${entry.seeds} ${entry.seeds === 1 ? "run" : "runs"} added up`);
  return with_data(made, ["true class", ...d3.range(classes).map(String)],
    entry.counts.map((row, truth) => [String(truth), ...row.map(count => count.toLocaleString("en-GB"))]));
}
