// SPDX-License-Identifier: Apache-2.0
// Of analysed runs: weights, activity and what it tells, before and after training.
const kind_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const kind_symbols = ["circle", "triangle", "square", "diamond", "star", "cross"];
// Levels 0 .. highest as bytes, from brown over white to the third colour.
const shades = (highest, top) => ({type: "linear", domain: [0, highest],
  interpolate: d3.piecewise(d3.interpolateLab, ["#b35806", "#f7f7f7", top])});
const window_name = found => found.name ?? found.window;

// One folded part a rule, the first two open.
function by_rule(draw) {
  return data.trials.analyses.map((run, i) => {
    const part = folded(`${run.rule}, seed ${run.seed}`, draw(run));
    part.open = i < 2;
    part.className = "rule";
    return part;
  });
}

function kind_legend(kinds) {
  return colour_key(kinds.map((kind, i) => [kind, kind_colours[i % kind_colours.length]]));
}

function weight_matrix(run, matrix, when) {
  const levels = bytes(matrix[when]);
  const side = Math.min(340, width_for(3));
  const chart = Plot.plot({
    width: side, height: side, marginLeft: 44, marginTop: 6, marginRight: 6, marginBottom: 36, style,
    x: {label: "from unit", labelArrow: "none", labelAnchor: "center", ticks: 5, tickFormat: "d", domain: [0, matrix.columns]},
    y: {label: "to unit", labelArrow: "none", labelAnchor: "center", ticks: 5, tickFormat: "d", domain: [matrix.rows, 0]},
    color: shades(254, "#542788"),
    marks: [Plot.raster(levels, {width: matrix.columns, height: matrix.rows, x1: 0, x2: matrix.columns,
      y1: 0, y2: matrix.rows, fill: level => level, imageRendering: "pixelated"})]
  });
  const some = matrix.rows < matrix.of[0] || matrix.columns < matrix.of[1] ? `the first ${matrix.rows} x ${matrix.columns} of ` : "";
  const made = figure(`${sentence_case(when)} training`, chart,
    `${run.rule}, ${matrix.connection}: ${some}${matrix.of[0]} x ${matrix.of[1]} weights; brown to purple: ${minus("-" + significant(matrix.scale, 3))} to ${significant(matrix.scale, 3)}.`);
  return with_data(made, ["to unit, from unit", ...d3.range(matrix.columns).map(String)], () => d3.range(matrix.rows).map(to =>
    [String(to), ...Array.from(levels.subarray(to * matrix.columns, (to + 1) * matrix.columns), level => weight_text(level, matrix.scale))]));
}

function weight_histogram(run, matrix) {
  const {low, high, before, after} = matrix.histogram, width = (high - low) / before.length;
  const bars = counts => counts.map((count, i) => ({from: low + i * width, to: low + (i + 1) * width, count}));
  const outline = bars(before).flatMap(bar => [{x: bar.from, y: bar.count}, {x: bar.to, y: bar.count}]);
  const chart = Plot.plot({
    width: Math.min(340, width_for(3)), height: 260, marginLeft: 48, marginRight: 8, style,
    x: {label: "weight", ticks: 5}, y: {label: "weights", grid: true, ticks: 5},
    marks: [
      Plot.rectY(bars(after), {x1: "from", x2: "to", y: "count", fill: colour_of(run.rule), fillOpacity: .45}),
      Plot.lineY(outline, {x: "x", y: "y", stroke: "var(--ink)", strokeWidth: 1.2})
    ]
  });
  const made = figure("How weights are distributed", chart, "Line: before training; bars: after.");
  return with_data(made, ["from", "to", "before", "after"],
    () => bars(after).map((bar, i) => [significant(bar.from, 3), significant(bar.to, 3), String(before[i]), String(bar.count)]));
}

function weight_table(change) {
  const share = value => (value === null ? "\u2013" : significant(100 * value, 3) + " %");
  return element("div", {},
    definitions([["Relative change", `${share(change.relative)} (mean |\u0394J| / mean |J\u2080|)`],
      ["Median ratio", `${share(change.median_ratio)} (of |\u0394J / J\u2080|)`],
      ["Mean ratio, unstable", `${share(change.unstable_mean_ratio)} (mean |\u0394J / J\u2080|: of normal weights its expectation is infinite, one weight near 0 decides)`]]),
    folded("The ten weights that changed most", table(["to unit", "from unit", "before", "after", "change"], change.most.map(weight =>
      [String(weight.to), String(weight.from), significant(weight.before, 3), significant(weight.after, 3), signed("weight", weight.after - weight.before)]))));
}

function weight_changes() {
  const percent = value => significant(100 * value, 3) + " %";
  const found = data.summary.rules.filter(rule => rule.metrics.weight_change);
  if (found.length === 0) return null;
  return table(["Rule", "Relative change of the largest connection, all runs"], found.map(rule => [element("span", {}, swatch(rule.rule), rule.rule),
    interval(percent(rule.metrics.weight_change.median), rule.metrics.weight_change, percent)]));
}

function weights_of_run(run) {
  return element("div", {}, ...run.matrices.map(matrix => element("div", {},
    element("div", {class: "tiles"}, weight_matrix(run, matrix, "before"), weight_matrix(run, matrix, "after"), weight_histogram(run, matrix)),
    weight_table(run.weights.find(change => change.connection === matrix.connection)))));
}

function unit_activity(run) {
  const {units, before, after} = run.activity;
  const names = units.map(unit => `unit ${unit}`);
  const points = [["before", before], ["after", after]].flatMap(([when, kinds]) => kinds.flatMap((of_kind, kind) =>
    of_kind.flatMap((values, i) => values.map((activity, t) => ({when, kind, unit: names[i], time: run.times[t], activity})))));
  const chart = Plot.plot({
    width: width_for(1), height: 60 + 74 * units.length, marginLeft: 44, marginRight: 60, style,
    fx: {domain: ["before", "after"], label: null}, fy: {domain: names, label: null},
    x: {label: "ms", ticks: 5}, y: {label: null, ticks: 3, grid: true},
    marks: [
      Plot.rectX(run.windows.filter(found => found.name !== "delay"), {x1: "from", x2: "to", fill: "var(--line)", fillOpacity: .6}),
      Plot.lineY(points, {x: "time", y: "activity", z: "kind", fx: "when", fy: "unit",
        stroke: point => kind_colours[point.kind % kind_colours.length], strokeWidth: 1.3})
    ]
  });
  const made = figure("Mean activity of some units", chart,
    `Mean over ${run.trials_per_kind} trials of each kind. Shaded: ${run.windows.filter(found => found.name !== "delay").map(window_name).join(", ")}.`);
  return with_data(made, ["unit", "training", "kind of trial", "ms", "mean activity"], () => points.map(p =>
    [p.unit.slice("unit ".length), p.when, run.kinds[p.kind], significant(p.time, 5), significant(p.activity, 3)]));
}

// Bars after training and marks before, a panel for each window; `of` is "units" or "variance".
function selectivity_chart(title, runs, of, caption) {
  const windows = runs[0].selectivity.windows.map(window_name), shown = runs.map(run => run.rule);
  const bars = runs.flatMap(run => run.selectivity.windows.flatMap(found => ["before", "after"].map(when =>
    ({rule: run.rule, window: found.window, when, share: 100 * found[when][of]}))));
  const text = bar => `${bar.rule}, ${bar.window}, ${bar.when}: ${significant(bar.share, 3)} %`;
  const chart = Plot.plot({
    width: width_for(1), height: 80 + 24 * shown.length, marginLeft: 24 + 7 * d3.max(shown, rule => rule.length), marginRight: 8, style,
    fx: {domain: windows, label: null}, x: {label: "%", domain: [0, 100], ticks: 3, grid: true},
    y: {domain: shown, label: null, padding: .25},
    marks: [
      Plot.barX(bars.filter(bar => bar.when === "after"), {x: "share", y: "rule", fx: "window", fill: bar => colour_of(bar.rule), fillOpacity: .55, title: text}),
      Plot.tickX(bars.filter(bar => bar.when === "before"), {x: "share", y: "rule", fx: "window", stroke: "var(--ink)", strokeWidth: 2, title: text})
    ]
  });
  const made = figure(title, chart, caption);
  return with_data(made, ["rule", "window", "before, %", "after, %"], runs.flatMap(run => run.selectivity.windows.map(found =>
    [run.rule, found.window, ...["before", "after"].map(when => significant(100 * found[when][of], 3))])));
}

function selectivity() {
  const runs = data.trials.analyses.filter(run => run.selectivity);
  if (runs.length === 0) return;
  const factors = runs[0].selectivity.factors.join(" x ");
  section("selectivity", "Mixed selectivity", `Mean activity of each unit in a window, regressed on ${factors}: the conjunction is the interaction, what neither explains ` +
    `(Rigotti et al. 2013, doi:10.1038/nature12160). Bar: after training; mark: before. ${runs[0].units} units of ${runs[0].layer}.`,
    selectivity_chart("Units selective for the conjunction, %", runs, "units",
      "Permutation test, false discovery rate 5 %. Trials without exploration differ but in their start, so that a weak conjunction is significant too: see how strong it is below."),
    selectivity_chart("The conjunction's share of variance, %", runs, "variance",
      "Of the variance between the conjunctions of levels; mean over units. A third is what three terms of one size give."));
}

function decoding_map(run, decoding) {
  const accuracy = bytes(decoding.accuracy), n = decoding.times.length;
  const step = n > 1 ? decoding.times[1] - decoding.times[0] : 1, end = decoding.times[n - 1] + step;
  const side = Math.min(340, width_for(3));
  const edges = run.windows.filter(found => found.name !== "delay").flatMap(found => [found.from, found.to]);
  const chart = Plot.plot({
    width: side, height: side, marginLeft: 48, marginTop: 6, marginRight: 8, marginBottom: 36, style,
    x: {label: "test time, ms", labelArrow: "none", labelAnchor: "center", ticks: 5},
    y: {label: "train time, ms", labelArrow: "none", labelAnchor: "center", ticks: 5},
    color: shades(200, "#08407e"),
    marks: [
      Plot.raster(accuracy, {width: n, height: n, x1: 0, x2: end, y1: 0, y2: end, fill: level => level, imageRendering: "pixelated"}),
      Plot.ruleX(edges, {stroke: "var(--ink)", strokeOpacity: .25}), Plot.ruleY(edges, {stroke: "var(--ink)", strokeOpacity: .25})
    ]
  });
  const times = decoding.times.map(time => significant(time, 5));
  return with_data(figure(`${run.rule}: ${decoding.factor}`, chart), ["trained at, tested at, ms", ...times], () =>
    times.map((time, i) => [time, ...Array.from(accuracy.subarray(i * n, (i + 1) * n), level => `${significant(level / 2, 3)} %`)]));
}

function geometry_panel(run, moment) {
  const points = moment.points.map(([x, y], trial) => ({x, y, kind: moment.kinds[trial]}));
  const side = Math.min(250, width_for(4)), reach = 1.05 * d3.max(points, point => Math.max(Math.abs(point.x), Math.abs(point.y)));
  const axis = {axis: null, domain: [-reach, reach]};
  const chart = Plot.plot({
    width: side, height: side, margin: 10, style, x: axis, y: axis,
    marks: [Plot.frame({stroke: "var(--line)"}), Plot.dot(points, {x: "x", y: "y", r: 3,
      fill: point => kind_colours[point.kind % kind_colours.length], fillOpacity: .6,
      symbol: point => kind_symbols[point.kind % kind_symbols.length], title: point => run.kinds[point.kind]})]
  });
  const ratios = Object.entries(moment.ratios).map(([factor, ratio]) => `${factor} ${ratio === null ? "\u2013" : ratio.toFixed(2)}`);
  return with_data(figure(`${run.rule}, ${moment.time} ms`, chart, ratios.join(", ")), ["kind of trial", "across", "up"], () =>
    points.map(p => [run.kinds[p.kind], significant(p.x, 3), significant(p.y, 3)]));
}

function relaxation() {
  const runs = data.trials.analyses.filter(run => run.relaxation.times.length > 0);
  if (runs.length === 0) return;
  const draw = (title, key, caption) => {
    const courses = when => runs.flatMap(run => run.relaxation[when][key].map((value, i) =>
      ({rule: run.rule, time: run.relaxation.times[i] - run.relaxation.at, value})));
    const marks = runs.flatMap(run => Plot.lineY(courses("after").filter(point => point.rule === run.rule), {x: "time", y: "value",
      stroke: colour_of(run.rule), strokeWidth: 1.8, strokeDasharray: dash_of(run.rule)}));
    const chart = Plot.plot({
      width: width_for(2), height: 260, marginLeft: 48, marginRight: 8, style,
      x: {label: "ms after the disturbance", ticks: 6}, y: {label: null, grid: true, ticks: 5},
      marks: [Plot.ruleY([0], {stroke: "var(--soft)"}),
        Plot.lineY(courses("before"), {x: "time", y: "value", z: "rule", stroke: "var(--soft)", strokeWidth: 1.2, strokeDasharray: "3 3"}), ...marks]
    });
    return with_data(figure(title, chart, caption), ["rule", "ms after the disturbance", "before training", "after"], () => runs.flatMap(run =>
      run.relaxation.times.map((time, i) => [run.rule, significant(time - run.relaxation.at, 5),
        ...["before", "after"].map(when => significant(run.relaxation[when][key][i], 3))])));
  };
  const {unit, jump, at} = runs[0].relaxation;
  const constant = time => (time === null ? "\u2013" : `${significant(time, 3)} ms`);
  section("relaxation", "After one disturbance", `In one trial the potential of unit ${unit} jumps by ${jump} at ${at} ms; shown is the trial with minus the trial without. ` +
    "One large change and a long return in small ones: why a rule that adds up activity times change needs a supralinear function (Miconi 2017, doi:10.7554/eLife.20899). Solid: after training; grey: before.",
    legend(), element("div", {class: "grid"}, draw("Potential of that unit", "unit"), draw("Distance over all units", "distance", "Euclidean, of activity.")),
    table(["Rule", "Time constant before", "after"], runs.map(run => [element("span", {}, swatch(run.rule), run.rule),
      constant(run.relaxation.before.time), constant(run.relaxation.after.time)])),
    element("p", {class: "note"}, "Time constant: of the distance over the 100 ms after the jump, by a straight line through its logarithm; negative when it grows."));
}

function analyses() {
  const runs = data.trials.analyses;
  if (runs.length === 0) return;
  if (runs.some(run => run.matrices.length > 0)) {
    section("matrices", "Weights before and after", "Plastic connections of the first analysed run of each rule.", weight_changes(), ...by_rule(weights_of_run));
  }
  section("activity", "Activity before and after", "Each line is one kind of trial, without exploration.", kind_legend(runs[0].kinds), ...by_rule(unit_activity));
  selectivity();
  if (runs.some(run => run.decoding.length > 0)) {
    section("decoding", "What activity tells, and when", "Share of right answers when templates of one time (up) are compared with activity at another (across), after training: " +
      "blue is 100 %, white 50 %, brown below. Nearest template by correlation, 100 random halves of the trials (Stokes et al. 2013, doi:10.1016/j.neuron.2013.01.039; Miconi 2017, " +
      "doi:10.7554/eLife.20899). Lines: the windows of the task.", ...by_rule(run => element("div", {class: "tiles"}, ...run.decoding.map(found => decoding_map(run, found)))));
  }
  if (runs.some(run => run.geometry.length > 0)) {
    section("geometry", "How trials lie", "Classical multidimensional scaling of the activity of all units in each trial (Torgerson 1952, doi:10.1007/BF02288916), after training. " +
      "Both axes of a panel have one scale, its own. Below: mean distance between the levels of a factor over that within them; above 1 where the factor groups the trials.", kind_legend(runs[0].kinds),
      ...by_rule(run => element("div", {class: "tiles four"}, ...run.geometry.map(moment => geometry_panel(run, moment)))));
  }
  relaxation();
}
