// SPDX-License-Identifier: Apache-2.0
// Rules that watched: angle with the reference over training, and bias against variance.
const quartiles_of_runs = "Line: median over seeds; band: the middle half of the seeds.";
const watched_name = entry => (entry.rule === "" ? entry.arm : `${entry.arm}: ${entry.rule}`);

// Colours of the rules that watch, who are no arms of the comparison.
function watched_colours(entries) {
  const names = [...new Set(entries.map(watched_name))];
  return name => ({colour: palette[names.indexOf(name) % palette.length], dash: dashes[Math.floor(names.indexOf(name) / palette.length) % dashes.length]});
}

function angle_chart(entries, look) {
  const points = entries.flatMap(entry => entry.course.map(point => ({name: watched_name(entry), ...point})));
  const chart = Plot.plot({
    width: width_for(2), height: 320, marginLeft: 48, marginRight: 8, style,
    x: {label: step_word, nice: false, ticks: 6}, y: {label: null, grid: true, ticks: 6},
    marks: [
      Plot.ruleY([90], {stroke: "var(--soft)"}),
      ...entries.flatMap(entry => {
        const {colour, dash} = look(watched_name(entry));
        return [
          Plot.areaY(entry.course, {x: "epoch", y1: "low", y2: "high", fill: colour, fillOpacity: .15}),
          Plot.lineY(entry.course, {x: "epoch", y: "median", stroke: colour, strokeWidth: 2, strokeDasharray: dash})
        ];
      }),
      Plot.tip(points, Plot.pointer({x: "epoch", y: "median",
        title: p => `${p.name}, ${step_word} ${significant(p.epoch, 4)}\n${significant(p.median, 3)}\u00b0 (${significant(p.low, 3)} to ${significant(p.high, 3)})`}))
    ]
  });
  const made = figure("Angle with the reference, degrees", chart, `${quartiles_of_runs} One update in one draw, all connections; 90 is a right angle.`);
  return with_data(made, ["rule", step_word, "runs", "median", "25 %", "75 %"], points.map(p =>
    [p.name, significant(p.epoch, 4), String(p.n), ...[p.median, p.low, p.high].map(v => significant(v, 4))]));
}

const watched_measure = (entry, name) => entry.measures[name];
const estimate_text = estimate => (estimate ? interval(significant(estimate.median, 3), estimate, v => significant(v, 3)) : "\u2013");

function bias_chart(entries, look) {
  const shown = entries.filter(entry => watched_measure(entry, "angle") && watched_measure(entry, "limit_angle")).map(entry =>
    ({name: watched_name(entry), bias: watched_measure(entry, "limit_angle"), draw: watched_measure(entry, "angle")}));
  if (shown.length === 0) return null;
  const chart = Plot.plot({
    width: width_for(2), height: 320, marginLeft: 48, marginRight: 12, marginTop: 24, style,
    x: {label: "angle of endlessly many draws: bias", domain: [0, 180], ticks: 6},
    y: {label: "angle of one draw", domain: [0, 180], grid: true, ticks: 6},
    marks: [
      Plot.line([[0, 0], [180, 180]], {stroke: "var(--soft)", strokeDasharray: "4 3"}),
      Plot.ruleY(shown, {y: d => d.draw.median, x1: d => d.bias.low, x2: d => d.bias.high, stroke: d => look(d.name).colour}),
      Plot.ruleX(shown, {x: d => d.bias.median, y1: d => d.draw.low, y2: d => d.draw.high, stroke: d => look(d.name).colour}),
      Plot.dot(shown, {x: d => d.bias.median, y: d => d.draw.median, r: 5, fill: d => look(d.name).colour,
        title: d => `${d.name}: bias ${significant(d.bias.median, 3)}\u00b0, one draw ${significant(d.draw.median, 3)}\u00b0`})
    ]
  });
  const made = figure("Bias against variance, degrees", chart, "On the dashed line a rule has no variance: one draw says all. Far above it, draws scatter around where many of them point. Bars: intervals over seeds.");
  const degrees = estimate => [estimate.median, estimate.low, estimate.high].map(value => significant(value, 4));
  return with_data(made, ["rule", "bias", "from", "to", "one draw", "from", "to"], () => shown.map(d => [d.name, ...degrees(d.bias), ...degrees(d.draw)]));
}

function watchers() {
  const entries = data.alignment.entries;
  if (entries.length === 0) return;
  const look = watched_colours(entries);
  const key = colour_key([...new Set(entries.map(watched_name))].map(name => [name, look(name).colour]));
  const rows = entries.map(entry => [watched_name(entry), ...["angle", "limit_angle", "norm_ratio", "sign_agreement", "signal_to_noise"].map(name =>
    estimate_text(watched_measure(entry, name))), String(entry.draws), String(entry.snapshots)]);
  section("watchers", "Changes beside those of the reference",
    `What each rule would change on the same weights and data, compared with ${data.alignment.reference || "the rules that drive"}; only the rule that drives changes anything. A name alone is the rule that drives.`,
    key, element("div", {class: "grid"}, angle_chart(entries, look), bias_chart(entries, look)),
    table(["Rule", "Angle, one draw", "Angle, endless draws", "Length ratio", "Share of same signs", "Signal to noise", "Draws", "Snapshots"], rows));
}
