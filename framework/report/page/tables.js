// SPDX-License-Identifier: Apache-2.0
// The tables: results, costs, provenance, failures.
function interval(text, estimate, write) {
  return estimate.n < 2 ? text : `${text} [${write(estimate.low)}, ${write(estimate.high)}]`;
}

function estimate_cell(rule, metric) {
  const estimate = rule.metrics[metric];
  if (!estimate) return "\u2013";
  const is_ranked = is_accuracy(metric) || metric.endsWith("_loss");
  const best = best_of(metric), is_best = is_ranked && estimate.median !== null && estimate.median === best && rules.length > 1;
  const range = estimate.n < 2 ? null : element("small", {}, ` [${format(metric, estimate.low)}, ${format(metric, estimate.high)}]`);
  return element("td", is_best ? {class: "best"} : {}, format(metric, estimate.median), range);
}

function best_of(metric) {
  const medians = data.summary.rules.map(rule => rule.metrics[metric]?.median).filter(value => typeof value === "number");
  return metric.endsWith("_loss") ? d3.min(medians) : d3.max(medians);
}

function difference_cell(rule, metric) {
  if (rule.rule === reference) return element("td", {}, element("small", {}, "reference"));
  const versus = rule.versus_reference[metric];
  if (!versus) return "\u2013";
  const range = versus.n < 2 ? null : element("small", {}, ` [${signed(metric, versus.low)}, ${signed(metric, versus.high)}]`);
  return element("td", {}, signed(metric, versus.median), range);
}

function p_cell(rule, metric) {
  const p = rule.versus_reference[metric]?.p_adjusted;
  if (typeof p !== "number") return "\u2013";
  return p < .001 ? "< 0.001" : p.toFixed(3);
}

function verdict_cell(rule, metric) {
  const versus = rule.versus_reference[metric];
  return versus?.verdict ? verdict_text(versus) : "\u2013";
}

function times_cell(rule) {
  const times = rule.metrics[time_metric];
  if (!times) return "\u2013";
  const text = times.median === null ? (times.reached === 0 ? "never" : "mostly never") : format(time_metric, times.median);
  return element("td", {}, text, element("small", {}, ` (${times.reached}/${times.runs})`));
}

function criterion_text() {
  const {metric, threshold, share, of} = data.summary.criterion;
  if (in_trials) return `error below ${significant(threshold, 3)} in ${significant(100 * share, 3)} % of ${of} successive trials`;
  return is_accuracy(metric) ? `${title_of(metric)} \u2265 ${significant(100 * threshold, 3)} %` : `${title_of(metric)} \u2264 ${significant(threshold, 3)}`;
}

// What rules are ranked by: the first readout of their features, or the answers of their networks.
const judge = in_trials || readouts.length === 0 ? "" : readouts[0] + "_";
const kind_of = of => (!in_trials && (has_metric(of + "test_accuracy") || has_metric(of + "train_accuracy")) ? "accuracy" : "loss");
const classifies = kind_of(judge) === "accuracy";
const metrics_of = of => ["test_", "train_"].map(part => of + part + kind_of(of));
const [test_metric, train_metric] = metrics_of(judge);

// What tells how one rule did: a heading and a cell for each, without what no rule has.
function result_columns() {
  const in_test = has_metric(test_metric), has_times = has_metric(time_metric);
  const columns = [
    [in_test, sentence_case(title_of(test_metric)) + unit_of(test_metric), rule => estimate_cell(rule, test_metric)],
    [in_test, `${in_trials ? "The same" : "Test"}, minus ${reference}` + (classifies ? ", points" : ""), rule => difference_cell(rule, test_metric)],
    [in_test, "p", rule => p_cell(rule, test_metric)],
    [in_test, "Verdict", rule => verdict_cell(rule, test_metric)],
    [has_metric(train_metric), sentence_case(title_of(train_metric)) + unit_of(train_metric), rule => estimate_cell(rule, train_metric)],
    [true, "Locality", rule => rule.locality],
    [true, "Supervision", rule => rule.supervision],
    [data.summary.rules.some(rule => rule.timing), "Update", rule => rule.timing ? `each ${rule.timing}` : "\u2013"],
    [has_times, sentence_case(step_word) + "s to criterion", times_cell],
    [true, "Time", rule => format("seconds", rule.metrics.seconds?.median)],
    [true, "Updates", rule => format("updates", rule.metrics.updates?.median)]
  ];
  return columns.filter(([is_shown]) => is_shown);
}

function claimed_localities() {
  const claimed = data.summary.rules.filter(rule => rule.locality_measured === false).map(rule => rule.rule);
  return claimed.length === 0 ? "" : ` Claimed, not measured: ${claimed.join(", ")}.`;
}

function added_seeds() {
  const earlier = data.summary.earlier_seeds;
  return earlier ? ` Seeds were added: ${earlier.join(", ")}, then ${data.summary.seeds.length}; p does not know of looks at fewer.` : "";
}

function result_notes() {
  const seeds = data.summary.seeds.length, level = significant(100 * data.summary.level, 3);
  const has_pairs = data.summary.rules.some(rule => rule.versus_reference[test_metric]);
  const has_p = data.summary.rules.some(rule => typeof rule.versus_reference[test_metric]?.p_adjusted === "number");
  const of_p = !has_pairs ? "" : has_p
    ? " p: sign-flip test of the differences, adjusted for the number of rules (Holm). Better: p below 0.05 and ahead in 3 of 4 pairs of runs or more." +
      (data.summary.margin ? ` Equivalent: within ${significant(100 * data.summary.margin, 3)} points, by two one-sided tests at 5 %.` : "")
    : " There are too few seeds for a test; the verdict says how many are needed.";
  return `Medians over ${seeds} ${seeds === 1 ? "seed" : "seeds"}` +
    (seeds >= least_for_interval ? ` with ${level} % bootstrap intervals` : seeds > 1 ? " with their ranges" : "") + (has_pairs ? "; differences are paired by seed." : ".") + of_p +
    (has_metric(time_metric) ? ` Criterion: ${criterion_text()}, with the number of runs that met it.` : "") +
    (judge ? ` Accuracies are those of the readout \u201c${readouts[0]}\u201d, which learned from the features that a rule found.` : "") +
    " Locality: what a weight's change may depend on." + claimed_localities() + added_seeds() +
    (in_trials ? " Error: the mean of |output \u2212 target| in the response window; test trials are those without exploration." : "");
}

function result_table() {
  const columns = result_columns();
  return [
    table(["Rule", ...columns.map(([, head]) => head)],
      data.summary.rules.map(rule => [element("span", {}, swatch(rule.rule), rule.rule), ...columns.map(([, , cell]) => cell(rule))])),
    element("p", {class: "note"}, result_notes())];
}

function failure_table() {
  const broken = data.runs.filter(run => run.status !== "finished");
  if (broken.length === 0) return;
  section("failures", "Runs that did not finish", "An interrupted run enters no median above, a failed one only in the times to the criterion, as never meeting it unless it did so before.",
    table(["Rule", "Seed", "Status", "Message"], broken.map(run => [element("span", {}, swatch(run.rule), run.rule),
      String(run.seed), run.status, element("td", {class: "wrap"}, run.error || "\u2013")])));
}

function definitions(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element("dl", {}, ...known.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, String(value))]));
}

function reproduction() {
  const facts = data.provenance, parts = [];
  if (facts) {
    parts.push(element("pre", {class: "wrap"}, element("code", {}, facts.command)));
    parts.push(definitions([["Begun by", (facts.earlier || []).map(process => process.command).join("; then ")], ["deltaw", facts.deltaw], ["Seeds", data.summary.seeds.join(", ")], ["Started", facts.started],
      ["Finished", facts.finished], ["Processor", `${facts.host.cpu}, ${facts.host.cores} cores`], ["System", facts.host.os],
      ["Compiler", facts.compiler], ["BLAS", facts.blas]]));
    const hash = text => element("td", {class: "wrap"}, element("code", {}, text));
    if (facts.plugins.length > 0) {
      parts.push(table(["Rule", "Version", "Library", "SHA-256"],
        facts.plugins.map(plugin => [plugin.rule, plugin.version, plugin.library, hash(plugin.sha256)])));
    }
    if (facts.data.length > 0) {
      parts.push(table(["Data", "SHA-256"], facts.data.map(file => [file.file, hash(file.sha256)])));
    }
  }
  parts.push(folded("The experiment with all defaults", element("pre", {}, element("code", {}, JSON.stringify(data.experiment, null, 2)))));
  section("reproduce", "How to reproduce it", "The same build, seeds and data give the same bits, whatever the number of parallel runs.", ...parts);
}
