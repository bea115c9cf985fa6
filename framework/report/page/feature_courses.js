// SPDX-License-Identifier: Apache-2.0
// Features over epochs, and over the strength of lateral connections.
const course_titles = {
  overlap: "Overlap \u03b2", selectivity: "Selectivity \u03b1, % of patterns", dead: "Dead units", change: "Relative change of the weights",
  accuracy: "Running accuracy, %", spikes: "Spikes a sample", presentations: "Presentations a sample"
};
const course_factor = name => (name === "selectivity" || name === "accuracy" || readouts.includes(name) ? 100 : 1);
const course_title = name => course_titles[name] || sentence_case(name) + " readout, accuracy, %";

function course_chart(name) {
  const lines = rules.map(rule => ({rule, points: quartiles_by_epoch(data.features.courses.filter(run => run.rule === rule && run.columns[name])
    .map(run => ({epochs: run.epoch, values: run.columns[name].map(value => (value === null ? null : value * course_factor(name)))})))}))
    .filter(line => line.points.length > 0);
  const is_log = name === "change" && lines.every(line => line.points.every(point => point.low > 0));
  return band_chart(course_title(name), lines, is_log, []);
}

// The spread over units of one quantity of a rule: all of them, the middle half, the median.
function monitored_chart(entry) {
  const points = entry.epoch.map((epoch, i) => ({epoch, min: entry.min[i], q1: entry.q1[i], median: entry.median[i], q3: entry.q3[i], max: entry.max[i]}));
  const chart = Plot.plot({
    width: Math.min(340, width_for(3)), height: 210, marginLeft: 48, marginRight: 10, style,
    x: {label: "epoch", ticks: Math.min(5, whole_ticks(points)), tickFormat: "d", nice: false}, y: {label: null, grid: true, ticks: 5},
    marks: [
      Plot.areaY(points, {x: "epoch", y1: "min", y2: "max", fill: colour_of(entry.rule), fillOpacity: .12}),
      Plot.areaY(points, {x: "epoch", y1: "q1", y2: "q3", fill: colour_of(entry.rule), fillOpacity: .25}),
      Plot.lineY(points, {x: "epoch", y: "median", stroke: colour_of(entry.rule), strokeWidth: 2}),
      Plot.tip(points, Plot.pointerX({x: "epoch", y: "median",
        title: p => `epoch ${p.epoch}\n${["min", "q1", "median", "q3", "max"].map(part => `${part} ${significant(p[part], 3)}`).join("\n")}`}))
    ]
  });
  const made = figure(`${entry.rule}: ${entry.name.split("/").pop()}`, chart, `${entry.name}, seed ${entry.seed}`);
  return with_data(made, ["epoch", "min", "25 %", "median", "75 %", "max"], points.map(p =>
    [String(p.epoch), ...["min", "q1", "median", "q3", "max"].map(part => significant(p[part], 4))]));
}

function feature_courses() {
  const names = [...new Set(data.features.courses.flatMap(run => Object.keys(run.columns)))];
  const known = Object.keys(course_titles).filter(name => names.includes(name));
  const charts = [...known, ...names.filter(name => !known.includes(name))].map(course_chart);
  const drawn = data.features.monitored.map(entry => () => monitored_chart(entry));
  if (charts.length + drawn.length === 0) return;
  const tiles = some => element("div", {class: "tiles"}, ...some.map(draw => draw())), more = drawn.slice(2 * mosaics_open);
  section("courses", "How the features came about", "Line: median over seeds; band: the middle half of the seeds. Measured on at most 10,000 patterns of the validation part, or where there is none of the test part.", legend(),
    element("div", {class: "grid"}, ...charts),
    drawn.length > 0 ? element("p", {class: "note"}, "State of rules, one run each. Line: median over units; bands: the middle half, and all of them.") : null,
    tiles(drawn.slice(0, 2 * mosaics_open)), more.length > 0 ? lazy(`${more.length} more`, () => tiles(more)) : null);
}

// A metric of rules that differ in nothing but the strength of lateral connections, a line a group.
function strength_chart(title, metric) {
  const colour = label => palette[data.features.lateral.findIndex(group => group.label === label) % palette.length];
  const points = data.features.lateral.flatMap(group => group.points.map(({rule, strength}) => {
    const estimate = data.summary.rules.find(entry => entry.rule === rule).metrics[metric];
    return estimate ? {label: group.label, rule, strength, n: estimate.n, ...scaled_estimate(metric, estimate)} : null;
  })).filter(point => point !== null && !Number.isNaN(point.median));
  if (points.length === 0) return null;
  const chart = Plot.plot({
    width: width_for(2), height: 280, marginLeft: 48, marginRight: 12, style,
    x: {label: "lateral strength", nice: true, ticks: 6}, y: {label: null, grid: true, nice: true, ticks: 5},
    marks: [
      Plot.ruleX([0], {stroke: "var(--line)"}),
      Plot.ruleX(points, {x: "strength", y1: "low", y2: "high", stroke: p => colour(p.label), strokeWidth: 6, strokeOpacity: .25}),
      Plot.lineY(points, {x: "strength", y: "median", z: "label", stroke: p => colour(p.label), strokeWidth: 2}),
      Plot.dot(points, {x: "strength", y: "median", r: 3.5, fill: p => colour(p.label),
        title: p => `${p.rule}: ${significant(p.median, 4)} (${significant(p.low, 4)} to ${significant(p.high, 4)})`})
    ]
  });
  const made = figure(title, chart);
  return with_data(made, ["rule", "strength", "runs", "median", "low", "high"], points.map(p =>
    [p.rule, significant(p.strength, 4), String(p.n), ...[p.median, p.low, p.high].map(value => significant(value, 4))]));
}

function group_legend(groups) {
  return colour_key(groups.map(({label}, i) => [label, palette[i % palette.length]]));
}

function lateral_section() {
  const groups = data.features.lateral;
  if (groups.length === 0) return;
  const charts = [strength_chart("Overlap \u03b2", "overlap"),
    readouts.length > 0 ? strength_chart(sentence_case(title_of(readout_metric(readouts[0]))) + ", %", readout_metric(readouts[0])) : null];
  section("lateral", "What lateral connections do",
    `Each line joins rules that differ in nothing but the strength with which each unit excites (above 0) or inhibits (below) all others of its layer; medians with their ${interval_name}.`,
    group_legend(groups), element("div", {class: "grid"}, ...charts));
}
