// SPDX-License-Identifier: Apache-2.0
// What protocols measured: a table, and for each protocol its figure, data and fit.
const measured = run => data.runs.find(other => other.rule === run.rule && other.seed === run.seed).metrics;
const measured_text = (value, is_share) => (value === null || value === undefined ? "\u2013" : is_share ? minus((100 * value).toFixed(2).replace("-0.00", "0.00")) : significant(value, 4));

function measurement_table() {
  const {columns} = data.measurements;
  const cell = (rule, [, metric, is_share]) => {
    const found = rule.metrics[metric];
    if (!found) return "\u2013";
    return interval(measured_text(found.median, is_share), found, value => measured_text(value, is_share));
  };
  document.getElementById("table").append(
    table(["Rule", ...columns.map(([title]) => title)],
      data.summary.rules.map(rule => [element("span", {}, swatch(rule.rule), rule.rule), ...columns.map(column => cell(rule, column))])));
}

// Dots and lines of {x, y, rule}, for every rule in its colour.
function dots_and_lines(title, dots, lines, x, y, caption, marks) {
  const chart = Plot.plot({
    width: width_for(1), height: 380, marginLeft: 60, marginRight: 12, style,
    x: {label: x, grid: true, nice: true, labelAnchor: "center"}, y: {label: y, grid: true, nice: true},
    marks: [
      ...(marks || []), Plot.ruleY([0], {stroke: "var(--soft)"}),
      ...lines.map(line => Plot.lineY(line.points, {x: "x", y: "y", stroke: line.stroke || colour_of(line.rule), strokeWidth: 1.5,
        strokeDasharray: line.stroke ? "4 3" : dash_of(line.rule)})),
      Plot.dot(dots, {x: "x", y: "y", r: dots.length > 1000 ? 1.4 : 2.6, fill: p => colour_of(p.rule), fillOpacity: .7,
        title: p => `${p.rule}: ${significant(p.x, 4)}, ${significant(p.y, 4)}`})
    ]
  });
  const made = figure(title, chart, caption);
  return with_data(made, ["rule", x, y], () => dots.slice(0, 2000).map(p => [p.rule, significant(p.x, 5), significant(p.y, 5)]));
}

function pairing_figure(runs) {
  const dots = runs.flatMap(run => run.points.map(p => ({rule: run.rule, x: p.lag, y: p.change})));
  const side = (run, sign) => {
    const found = measured(run), a = sign > 0 ? found.a_plus : found.a_minus, tau = sign > 0 ? found.tau_plus : found.tau_minus;
    const lags = run.points.map(p => p.lag).filter(lag => sign * lag > 0);
    if (typeof a !== "number" || typeof tau !== "number" || lags.length === 0) return [];
    const [low, high] = d3.extent(lags, Math.abs);
    return [{rule: run.rule, points: d3.range(101).map(k => low + (high - low) * k / 100).map(lag =>
      ({x: sign * lag, y: sign * run.pairs * a * Math.exp(-lag / tau)}))}];
  };
  const pairs = runs[0].pairs.toLocaleString("en-GB");
  section("window", "The window of each rule", `Change of weight after ${pairs} ${pairs === "1" ? "pair" : "pairs"} of spikes at each lag, from the arrival to the target's spike; lines are the exponentials that fit best, each side on its own.`,
    legend(), dots_and_lines(`Change of weight after ${pairs} pairs`, dots, runs.flatMap(run => [...side(run, -1), ...side(run, 1)]), "lag, ms", "\u0394W"));
}

function current_figure(runs) {
  const dots = runs.flatMap(run => run.points.map(p => ({rule: run.rule, x: p.current, y: p.rate})));
  const line = run => ({rule: run.rule, points: run.points.filter(p => p.unit === 0).map(p => ({x: p.current, y: p.expected === null ? 0 : 1000 / p.expected}))});
  const has_form = run => run.points.some(p => p.expected !== null);
  const off = runs.flatMap(run => run.points.filter(p => p.worst !== null).map(p => ({rule: run.rule, x: p.current, y: p.worst / run.dt})));
  section("f-I", "Rate under constant currents", "Dots: one over the mean interval between spikes; lines: the closed form, refractory period + \u03c4 ln((rest + I \u2212 reset) / (rest + I \u2212 threshold)).",
    legend(), dots_and_lines("Rate, Hz", dots, runs.filter(has_form).map(line), "current, mV", "Hz"),
    ...(off.length > 0 ? [dots_and_lines("Largest difference of an interval from the closed form, steps", off, [], "current, mV", "steps", "One step is what the time step can tell.",
      [Plot.ruleY([1], {stroke: "currentColor", strokeDasharray: "4 3"})])] : []));
}

function rectification_figure(runs) {
  const charts = runs.map(run => {
    const found = measured(run), {ideal, count} = run.points;
    const dots = ideal.map((x, i) => ({rule: run.rule, x, y: count[i]}));
    const most = d3.max(ideal), ends = [0, most];
    const fit = typeof found.slope === "number" ? [{rule: run.rule, points: ends.map(x => ({x, y: found.intercept + found.slope * x}))}] : [];
    const band = typeof found.valid_from === "number"
      ? [Plot.rect([found], {x1: "valid_from", x2: "valid_to", fill: colour_of(run.rule), fillOpacity: .08})] : [];
    return dots_and_lines(run.rule, dots, [{rule: run.rule, stroke: "var(--soft)", points: ends.map(x => ({x, y: x}))}, ...fit],
      "max(0, W x) / (threshold \u2212 reset)", "spikes",
      `${measured_text(found.right, true)} % within ${significant(100 * run.tolerance, 3)} % or one spike; shaded: all are`, band);
  });
  section("rectification", "Spike counts beside a rectified sum", "A dot is one unit under one random sample. Dashed: what the rectified sum says; the line is the regression above 0.", ...charts);
}

function measurements() {
  const {runs} = data.measurements;
  measurement_table();
  if (runs.length === 0) return;
  const draw = {pairing: pairing_figure, "current-sweep": current_figure, rectification: rectification_figure,
    recording: all => recordings(all.map(run => ({...run.recording, rule: run.rule, weights: [], is_protocol: true,
      layers: run.recording.layers.filter(layer => layer.observed.length + layer.spikes.length > 0)})))};
  draw[runs[0].type](runs);
}
