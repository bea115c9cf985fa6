// SPDX-License-Identifier: Apache-2.0
// Of tasks in trials: errors, times to the criterion, and how well changes of weights align.
const quartile_note = "Line: median over seeds; band: the middle half of the seeds.";

// Columns of numbers, as the data hold them, to points of a band chart.
const band_lines = bands_of_rules => bands_of_rules.map(band => ({rule: band.rule, points: band.trial.map((trial, i) =>
  ({epoch: trial, n: band.runs[i], low: band.low[i], median: band.median[i], high: band.high[i]}))}));

function error_curves() {
  const lines = band_lines(data.trials.errors);
  if (lines.length === 0) return;
  const is_log = lines.every(line => line.points.every(point => point.low > 0));
  const width = lines[0].points[0].epoch;
  const {threshold} = data.summary.criterion;
  const limit = [Plot.ruleY([threshold], {stroke: "var(--soft)", strokeDasharray: "4 3"})];
  const charts = [band_chart("Error in training trials", lines, is_log, limit,
    `With exploration, where the rule explores; each point is the mean of ${width} trials. Dashed: the criterion, ${significant(threshold, 3)}.`)];
  const test = learning_curve("test_loss", "Of trials of every kind without exploration, the same ones each time.");
  if (test) charts.push(test);
  const runs = d3.max(lines, line => d3.max(line.points, point => point.n));
  section("curves", "Error over trials", `${quartile_note} Error: mean |output \u2212 target| in the response window. ` +
    `${runs} ${runs === 1 ? "run" : "runs"} a rule. After figure 1B of Miconi 2017, doi:10.7554/eLife.20899.`,
    legend(), element("div", {class: "grid"}, ...charts));
}

// The share of runs that reached the criterion, a step at each time, out to the last trial.
function reached_steps(rule, end) {
  const steps = [[0, 1, 1, 1], ...rule.metrics.trials_to_criterion.curve];
  const last = steps[steps.length - 1];
  if (last[0] < end) steps.push([end, ...last.slice(1)]);
  // Once every run is there, no band is left: it ends with the step before, held until then.
  const all_there = steps.findIndex(([, survival]) => survival === 0);
  if (all_there > 0) steps.splice(all_there, 0, [steps[all_there][0], ...steps[all_there - 1].slice(1)]);
  return steps.map(([trial, survival, low, high]) => ({rule: rule.rule, trial, reached: 1 - survival,
    low: survival > 0 ? 1 - high : NaN, high: survival > 0 ? 1 - low : NaN}));
}

function p_text(p) {
  if (typeof p !== "number") return "\u2013";
  return p < .001 ? "< 0.001" : p.toFixed(3);
}

function survival_row(rule) {
  const times = rule.metrics.trials_to_criterion, versus = rule.versus_reference.trials_to_criterion;
  const bound = value => (value === null ? "\u221e" : format("trials_to_criterion", value));
  const median = times.median === null ? "not reached by half" : bound(times.median);
  const range = times.runs < 2 ? "" : ` [${bound(times.low)}, ${bound(times.high)}]`;
  const tests = rule.rule === reference ? ["reference", "", ""]
    : [versus?.log_rank ? significant(versus.log_rank.chi_square, 3) : "\u2013", p_text(versus?.log_rank?.p), p_text(versus?.p_adjusted)];
  return [element("span", {}, swatch(rule.rule), rule.rule), element("td", {}, median, element("small", {}, range)),
    `${times.reached}/${times.runs}`, ...tests];
}

function survival() {
  const found = data.summary.rules.filter(rule => rule.metrics.trials_to_criterion?.curve);
  if (found.length === 0) return;
  const end = d3.max(data.runs, run => run.metrics.trials || 0);
  const lines = found.map(rule => reached_steps(rule, end)), points = lines.flat();
  const chart = Plot.plot({
    width: width_for(1), height: 300, marginLeft: 48, marginRight: 8, style,
    x: {label: "trial", ticks: 6, tickFormat: "d", domain: [0, end]},
    y: {label: null, grid: true, percent: true, domain: [0, 100], ticks: 5},
    marks: [
      ...lines.flatMap((line, i) => [
        Plot.areaY(line, {x: "trial", y1: "low", y2: "high", curve: "step-after", fill: colour_of(found[i].rule), fillOpacity: .12}),
        Plot.lineY(line, {x: "trial", y: "reached", curve: "step-after", stroke: colour_of(found[i].rule), strokeWidth: 2,
          strokeDasharray: dash_of(found[i].rule)})
      ]),
      Plot.tip(points, Plot.pointerX({x: "trial", y: "reached",
        title: p => `${p.rule}, trial ${p.trial}\n${significant(100 * p.reached, 3)} %`}))
    ]
  });
  const level = significant(100 * data.summary.level, 3);
  const made = figure("Runs that have reached the criterion, %", chart,
    `Kaplan and Meier's estimate with ${level} % bands; a run that never reached it counts as censored at its last trial, one that failed before as never reaching it. Errors are those of the trials of training: with noise where the rule explores.`);
  const percent = share => significant(100 * share, 3);
  with_data(made, ["rule", "trial", "runs there, %", "from", "to"], () => points.map(p => [p.rule, String(p.trial), percent(p.reached),
    ...[p.low, p.high].map(bound => (Number.isNaN(bound) ? "\u2013" : percent(bound)))]));
  section("survival", "Trials to criterion", `Criterion: ${criterion_text()}. ` +
    (is_published_criterion() ? "Miconi 2017 (doi:10.7554/eLife.20899) reports a median of 843 trials, quartiles 692 to 1125, in networks of 200 units and trials of one second." : ""),
    legend(), made,
    table(["Rule", `Median trials [${level} %]`, "Reached", "Log-rank \u03c7\u00b2", "Log-rank p", "Paired p"], found.map(survival_row)),
    element("p", {class: "note"}, `Both p compare with ${reference}. Log-rank: all times, unpaired. Paired: sign-flip test over seeds of censored ranks, adjusted for the number of rules (Holm).`));
}

// Whether trials to criterion mean what they do in the paper.
function is_published_criterion() {
  const {threshold, share, of} = data.summary.criterion;
  return is_of("delayed-nonmatch") && threshold === 1 && share === 0.95 && of === 100;
}

function alignment_scatter() {
  const {runs, rho} = data.trials;
  const symbol = run => (run.is_reached ? "circle" : "times");
  const chart = Plot.plot({
    width: width_for(2), height: 310, marginLeft: 56, marginRight: 12, marginTop: 36, style,
    x: {label: "mean alignment", nice: true, ticks: 6}, y: {label: "trials to criterion", grid: true, nice: true, ticks: 5, tickFormat: "d"},
    marks: [
      Plot.dot(runs, {x: "alignment", y: "time", stroke: run => colour_of(run.rule), strokeWidth: 1.8, r: 4,
        symbol, fill: run => (run.is_reached ? colour_of(run.rule) : "none"), fillOpacity: .6,
        title: run => `${run.rule}, seed ${run.seed}: ${run.is_reached ? "" : "not in "}${run.time} trials`}),
      Plot.text(runs.filter(run => !run.is_reached), {x: "alignment", y: "time", text: () => "\u2191", dy: -11, fontSize: 11})
    ]
  });
  const stated = rho.filter(entry => entry.rho !== null).map(entry =>
    `${entry.rule === null ? "all runs" : entry.rule} ${minus(entry.rho.toFixed(2))} (n = ${entry.runs})`);
  const made = figure("Does alignment predict speed?", chart,
    "Each mark is one run. Crosses with an arrow are censored: not reached in so many trials. Spearman's \u03c1, censored runs ranking last: " +
    (stated.join("; ") || "too few runs") + ".");
  return with_data(made, ["rule", "seed", "mean alignment", "trials", "reached"],
    runs.map(run => [run.rule, String(run.seed), significant(run.alignment, 4), String(run.time), run.is_reached ? "yes" : "no"]));
}

function alignment() {
  if (data.trials.alignment.length === 0) return;
  const watcher = data.experiment.training?.alignment;
  const chart = band_chart("Cosine with the gradient", band_lines(data.trials.alignment), false,
    [Plot.ruleY([0], {stroke: "var(--soft)"})], quartile_note);
  section("alignment", "Alignment with the gradient",
    `The cosine of a rule's change of the weights and that of ${watcher ? watcher.rule : "the rule that watches"}, both summed over the ` +
    `${watcher ? watcher.trials + " " : ""}trials before a row; 1 is the same direction, 0 a right angle.`,
    legend(), element("div", {class: "grid"}, chart, data.trials.runs.length > 0 ? alignment_scatter() : null));
}
