// SPDX-License-Identifier: Apache-2.0
// A sequence of contexts: what was known of each after each, on the way, and plasticity against forgetting.
const shown_rules = 12;
const percent = value => (100 * value).toFixed(1);
const context_colour = context => d3.interpolateViridis(.85 * context / Math.max(1, data.sequence.contexts - 1));

function accuracy_matrix(entry) {
  const contexts = data.sequence.contexts, after = i => (i === 0 ? "before" : String(i));
  const cells = entry.matrix.flatMap((row, i) => row.map((value, context) => ({after: after(i), context: context + 1, value})));
  const axis = {tickSize: 0, labelArrow: "none", labelAnchor: "center", padding: .04};
  const chart = Plot.plot({
    width: Math.min(340, width_for(3)), height: 70 + 26 * (contexts + 1), marginLeft: 50, marginTop: 6, marginRight: 6, marginBottom: 34, style,
    x: {...axis, domain: d3.range(1, contexts + 1), label: "accuracy on context"},
    y: {...axis, domain: d3.range(contexts + 1).map(after), label: "after context"},
    color: {domain: [0, 1], range: ["#f6f8fa", "#08407e"], interpolate: "lab"},
    marks: [
      Plot.cell(cells, {x: "context", y: "after", fill: "value", title: d => `context ${d.context}, after ${d.after}: ${percent(d.value)} %`}),
      contexts > 12 ? null : Plot.text(cells, {x: "context", y: "after", text: d => (100 * d.value).toFixed(0), fontSize: 10, fill: d => (d.value > .5 ? "white" : "black")})
    ]
  });
  const made = figure(entry.rule, chart, `mean of ${entry.seeds} ${entry.seeds === 1 ? "run" : "runs"}, % of test data`);
  return with_data(made, ["after context", ...d3.range(1, contexts + 1).map(String)],
    entry.matrix.map((row, i) => [after(i), ...row.map(percent)]));
}

function context_courses(entry) {
  const points = entry.courses.flatMap((course, context) => course.map((point, i) => ({context, epoch: entry.epoch[i],
    low: 100 * point.low, median: 100 * point.median, high: 100 * point.high})));
  const chart = Plot.plot({
    width: width_for(2), height: 250, marginLeft: 40, marginRight: 22, style,
    x: {label: step_word, nice: false, ticks: whole_ticks(points), tickFormat: "d"}, y: {label: null, grid: true, domain: [0, 100], ticks: 5},
    marks: [
      Plot.areaY(points, {x: "epoch", y1: "low", y2: "high", z: "context", fill: d => context_colour(d.context), fillOpacity: .18}),
      Plot.lineY(points, {x: "epoch", y: "median", z: "context", stroke: d => context_colour(d.context), strokeWidth: 2}),
      Plot.text(points.filter(d => d.epoch === entry.epoch[entry.epoch.length - 1]), {x: "epoch", y: "median", text: d => String(d.context + 1), dx: 10, fill: d => context_colour(d.context)}),
      Plot.tip(points, Plot.pointer({x: "epoch", y: "median", title: d => `context ${d.context + 1}, ${step_word} ${d.epoch}\n${significant(d.median, 4)} % (${significant(d.low, 4)} to ${significant(d.high, 4)})`}))
    ]
  });
  const made = figure(entry.rule, chart);
  return with_data(made, ["context", step_word, "median", "25 %", "75 %"],
    points.map(p => [String(p.context + 1), String(p.epoch), ...[p.median, p.low, p.high].map(v => significant(v, 4))]));
}

// A point for each arm, the medians of its runs; arms of a family are joined in the order of their number.
function frontier_chart() {
  const runs = data.sequence.frontier.filter(run => run.forgetting !== null && run.learning_accuracy !== null);
  if (runs.length === 0) return null;
  const arms = [...d3.group(runs, run => run.rule)].map(([rule, list]) => ({rule, family: list[0].family, plasticity: list[0].plasticity, n: list.length,
    x: 100 * d3.median(list, run => run.learning_accuracy), y: 100 * d3.median(list, run => run.forgetting)}));
  const families = [...new Set(arms.map(arm => arm.family))], last = family => arms.filter(arm => arm.family === family).at(-1);
  const colour = family => palette[families.indexOf(family) % palette.length];
  const dash = family => dashes[Math.floor(families.indexOf(family) / palette.length) % dashes.length];
  const ordered = d3.sort(arms, arm => families.indexOf(arm.family), arm => arm.plasticity);
  const at = data.summary.matched?.learning_accuracy;
  const chart = Plot.plot({
    width: width_for(1), height: 380, marginLeft: 48, marginRight: 130, style,
    x: {label: "learning accuracy, %", labelAnchor: "center", labelArrow: "none", grid: true, nice: true}, y: {label: "forgetting, points", grid: true, nice: true},
    marks: [
      at ? Plot.ruleX([100 * at], {stroke: "var(--soft)", strokeDasharray: "4 3"}) : null,
      ...families.map(family => Plot.line(ordered.filter(arm => arm.family === family), {x: "x", y: "y", stroke: colour(family), strokeWidth: 2, strokeDasharray: dash(family)})),
      Plot.dot(runs, {x: run => 100 * run.learning_accuracy, y: run => 100 * run.forgetting, r: 1.5, fill: run => colour(run.family), fillOpacity: .35}),
      Plot.dot(arms, {x: "x", y: "y", r: 4, fill: arm => colour(arm.family), stroke: "white", title: arm => `${arm.rule}: learns ${significant(arm.x, 4)} %, forgets ${significant(arm.y, 4)} points`}),
      Plot.text(families.map(last), {x: "x", y: "y", text: "family", textAnchor: "start", dx: 8, fill: arm => colour(arm.family)})
    ]
  });
  const made = figure("Forgetting against learning accuracy", chart);
  made.classList.add("wide");
  return with_data(made, ["rule", "family", "runs", "learning accuracy, %", "forgetting, points"],
    ordered.map(arm => [arm.rule, arm.family, String(arm.n), significant(arm.x, 4), significant(arm.y, 4)]));
}

// Of a family that was not compared: on which side of the accuracy its arms are.
function side_of(family) {
  const at = data.summary.matched.learning_accuracy;
  if (family.forgetting || !family.learns) return "\u2013";
  return family.learns.high < at ? "learns less" : family.learns.low > at ? "learns more" : "\u2013";
}

// Of families, which are compared where they learn alike: what each needs, learns, forgets and takes.
function families_table() {
  const matched = data.summary.matched, none = "\u2013";
  const cell = (estimate, write) => (!estimate ? none : interval(write(estimate.median), estimate, write));
  const points = value => minus((100 * value).toFixed(1)), p = pair => (typeof pair?.p_adjusted !== "number" ? none : pair.p_adjusted < .001 ? "< 0.001" : pair.p_adjusted.toFixed(3));
  return table(["Family", `Forgetting at a learning accuracy of ${significant(100 * matched.learning_accuracy, 4)} %, points`, `minus ${matched.reference}`, "p", "Verdict", "Seeds", "Pairs", "Learning accuracy, %", "Locality", "Supervision", "Update", "Time"],
    matched.families.map(family => [family.family, cell(family.forgetting, points), family.family === matched.reference ? "reference" : cell(family.versus_reference, points),
      p(family.versus_reference), family.versus_reference ? verdict_text(family.versus_reference) : side_of(family), `${family.forgetting?.n ?? 0}/${family.seeds}`, family.versus_reference?.n ?? none,
      family.learns ? [...new Set([percent(family.learns.low), percent(family.learns.high)])].join(" to ") : none, family.locality ?? none, family.supervision ?? none,
      family.timing ? `each ${family.timing}` : none, format("seconds", family.seconds)]));
}

function families() {
  document.getElementById("table").append(families_table(),
    element("p", {class: "note"}, `Medians over seeds with their ${interval_name}, interpolated seed by seed between the two arms of a family that enclose this learning accuracy; seeds: how many of them have such arms; pairs: and the reference, too; ` +
      "learning accuracy: the least and the best of a family's arms. p, where seeds are enough: sign-flip test of the differences, adjusted for the number of families (Holm)." + claimed_localities() + added_seeds()),
    folded(`The ${data.summary.rules.length} arms one by one`, element("div", {}, ...result_table())));
}

const measures = [["test_accuracy", "ACC, %"], ["learning_accuracy", "Learning accuracy, %"], ["backward_transfer", "BWT, points"],
  ["forward_transfer", "FWT, points"], ["forgetting", "Forgetting, points"], ["intransigence", "Intransigence, points"], ["savings", "Savings, %"]];

function measures_table() {
  const shown = measures.filter(([metric]) => has_metric(metric)), write = value => minus((100 * value).toFixed(1));
  return table(["Rule", ...shown.map(([, title]) => title)], data.summary.rules.map(rule => [element("span", {}, swatch(rule.rule), rule.rule),
    ...shown.map(([metric]) => (rule.metrics[metric] ? interval(write(rule.metrics[metric].median), rule.metrics[metric], write) : "\u2013"))]));
}

function forgetting() {
  if (!data.sequence) return;
  const {contexts, rules: shown} = data.sequence;
  section("frontier", "Plasticity and forgetting",
    (data.summary.matched ? "A rule that learns nothing forgets nothing, so rules are compared where they learn alike: " : "A rule that learns nothing forgets nothing; here rules are not compared where they learn alike, which \"match_at\" asks for: ") +
    "farther right is more plastic, lower forgets less. Small dots are runs, large ones medians; " +
    "arms whose names differ in a number at their end are joined. Learning accuracy: of each context when it was just learnt; forgetting: its best accuracy so far minus that at the end.",
    frontier_chart(), folded("Transfer and forgetting of each rule", measures_table()));
  const draw = make => element("div", {class: "grid"}, ...shown.map(make)), fits = shown.length <= shown_rules;
  section("contexts", `What is known of ${contexts} contexts, learnt one after another`,
    "Rows: after each context; columns: test accuracy on each. Below, the same on the way: median and middle half of the runs, numbered by context.",
    fits ? element("div", {class: "tiles"}, ...shown.map(accuracy_matrix)) : lazy("Matrices", () => element("div", {class: "tiles"}, ...shown.map(accuracy_matrix))),
    fits ? draw(context_courses) : lazy("Courses", () => draw(context_courses)));
}
