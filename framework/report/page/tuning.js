// SPDX-License-Identifier: Apache-2.0
// The page of a tuning: what was found, and each rule's results against each value that was searched.
const tuned = data.tuned, lower = tuned.lower_is_better, unit_word = tuned.unit;
const last_rung = tuned.rungs.length - 1;
const rung_colour = rung => d3.interpolateBlues(tuned.rungs.length === 1 ? .8 : .35 + .55 * rung / last_rung);
const rung_name = rung => `${tuned.rungs[rung].trials} trials of ${tuned.rungs[rung].epochs} ${unit_word}`;
const word_of = value => (typeof value === "number" ? significant(value, 4) : String(value));
const range_text = range => Array.isArray(range) ? `one of ${range.map(word_of).join(", ")}`
  : `${word_of(range.low)} to ${word_of(range.high)}, ${range.scale} scale`;

// One point for each trial of a rule at each rung: the median over seeds, null where half of them diverged or never got there.
function trials_of(rule) {
  const worst = lower ? Infinity : -Infinity;
  const groups = d3.groups(data.lines.filter(line => line.rule === rule), line => line.rung, line => line.trial);
  return groups.flatMap(([rung, trials]) => trials.map(([trial, lines]) => {
    const median = d3.median(lines, line => (line.status === "finished" && line.value !== null ? line.value : worst));
    return {rung, trial, values: lines[0].values, failed: lines.filter(line => line.status === "failed").length,
      seeds: lines.length, raw: Number.isFinite(median) ? median : null};
  }));
}

function x_scale(range) {
  if (Array.isArray(range)) return {type: "point", domain: range.map(word_of), padding: .5};
  return {type: range.scale, domain: [range.low, range.high], ticks: 5,
    tickFormat: range.scale === "log" ? tick => (Number.isInteger(Math.round(1e6 * Math.log10(tick)) / 1e6) ? significant(tick, 1) : "") : undefined};
}

function sensitivity(rule, path, all) {
  const points = all.filter(point => point.values[path] !== undefined);  // without effect beside the others
  const range = rule.searched[path], x = point => (Array.isArray(range) ? word_of(point.values[path]) : point.values[path]);
  const measured = points.filter(point => point.raw !== null), lost = points.filter(point => point.raw === null);
  const y = point => scaled(tuned.metric, point.raw);
  const best = measured.filter(point => point.trial === rule.trial && point.rung === last_rung);
  const text = point => `trial ${point.trial + 1}, ${tuned.rungs[point.rung].epochs} ${unit_word}\n${path} ${word_of(point.values[path])}\n` +
    (point.raw === null ? "diverged or never" : format(tuned.metric, point.raw));
  const chart = Plot.plot({
    width: width_for(2), height: 260, marginLeft: 48, marginRight: 12, marginBottom: 40, style,
    x: {...x_scale(range), label: path, labelAnchor: "center", labelArrow: "none"},
    y: {label: null, grid: true, nice: true, ticks: 5},
    marks: [
      Plot.text(lost, {x, frameAnchor: "bottom", text: () => "\u00d7", fill: "#d55e00", dy: -2, title: text}),
      Plot.dot(measured, {x, y, r: 3.5, fill: point => rung_colour(point.rung), stroke: "white", strokeWidth: .5, title: text}),
      Plot.dot(best, {x, y, r: 7, stroke: "#d55e00", strokeWidth: 2.5})
    ]
  });
  const edge = rule.at_edge?.[path];
  const made = figure(`${rule.rule}: ${title_of(tuned.metric)}${unit_of(tuned.metric)} by ${path}`, chart,
    edge ? `The best value lies at the ${edge} end of what was searched: beyond may be better.` : null);
  return with_data(made, ["trial", unit_word, path, title_of(tuned.metric), "diverged"],
    d3.sort(points, point => -point.rung, point => point.trial).map(point => [String(point.trial + 1),
      String(tuned.rungs[point.rung].epochs), word_of(point.values[path]), format(tuned.metric, point.raw), `${point.failed}/${point.seeds}`]));
}

head(tuned.experiment + " \u00b7 tuning", "deltaw tune \u00b7 " + tuned.experiment);
document.getElementById("table").append(
  table(["Rule", `Best ${title_of(tuned.metric)}${unit_of(tuned.metric)}`, "Trial", "Runs that diverged", "Values"],
    tuned.rules.map(rule => [rule.rule, format(tuned.metric, rule.value), rule.trial === undefined ? "\u2013" : String(rule.trial + 1),
      `${rule.failed} of ${rule.runs}`, element("td", {class: "wrap"}, Object.entries(rule.values || {}).map(([path, value]) => `${path} ${word_of(value)}`).join(", ") || "\u2013")])),
  element("p", {class: "note"}, `The best trial of the last rung by the median over seeds ${tuned.seeds.join(", ")}, on data that are not test data.`));

const rung_key = colour_key(tuned.rungs.map((_, rung) => [rung_name(rung), rung_colour(rung)]));
section("sensitivity", "How much each value matters",
  "A dot is a trial at a rung, its median over seeds; all values of a trial vary together. The ring marks the best; \u00d7 marks trials that diverged or never got there.", rung_key);
for (const rule of tuned.rules) {
  const points = trials_of(rule.rule);
  document.getElementById("sensitivity").append(element("h3", {}, rule.rule),
    element("p", {class: "note"}, Object.entries(rule.searched).map(([path, range]) => `${path}: ${range_text(range)}`).join("; ")),
    element("div", {class: "grid"}, ...Object.keys(rule.searched).map(path => sensitivity(rule, path, points))));
}

const facts = data.provenance;
section("reproduce", "How to reproduce it", "The same build, seeds and data find the same bits, whatever the number of parallel runs.",
  element("pre", {class: "wrap"}, element("code", {}, facts.command)),
  definitions([["deltaw", facts.deltaw], ["Search", tuned.search], ["Started", facts.started], ["Finished", facts.finished],
    ["Changed with --set", tuned.set.join(", ")],
    ["Workers had a run", facts.load && facts.load.running > 0 ? significant(100 * facts.load.running / facts.load.jobs / facts.load.wall, 3) + " % of the time" : null],
    ["Processor", `${facts.host.cpu}, ${facts.host.cores} cores`], ["System", facts.host.os], ["Compiler", facts.compiler], ["BLAS", facts.blas]]));
document.documentElement.dataset.ready = "true";
