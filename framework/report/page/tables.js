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

function times_cell(rule) {
  const times = rule.metrics[time_metric];
  if (!times) return "\u2013";
  const text = times.median === null ? (times.reached === 0 ? "never" : "mostly never") : format(time_metric, times.median);
  return element("td", {}, text, element("small", {}, ` (${times.reached}/${times.runs})`));
}

// Empty where the experiment has none.
function criterion_text() {
  if (!data.summary.criterion) return "";
  const {metric, threshold, share, of} = data.summary.criterion;
  if (in_trials) return `error below ${significant(threshold, 3)} in ${significant(100 * share, 3)} % of ${of} successive trials`;
  return is_accuracy(metric) ? `${title_of(metric)} \u2265 ${significant(100 * threshold, 3)} %` : `${title_of(metric)} \u2264 ${significant(threshold, 3)}`;
}

// What rules are ranked by: the answers of their networks, or where some gave none, of the first readout.
const answers = rule => rule.runs === 0 || ["test", "train"].some(part => rule.metrics[part + "_accuracy"] || rule.metrics[part + "_loss"]);
const judge = in_trials || readouts.length === 0 || data.summary.rules.every(answers) ? "" : readouts[0] + "_";
const classifies = !in_trials && (has_metric(judge + "test_accuracy") || has_metric(judge + "train_accuracy"));
const kind = classifies ? "accuracy" : "loss";
const [test_metric, train_metric] = ["test_", "train_"].map(part => judge + part + kind);

function result_table() {
  const test = test_metric, train = train_metric, has_times = has_metric(time_metric), met = criterion_text();
  const level = significant(100 * data.summary.level, 3);
  const seeds = data.summary.seeds.length;
  const place = document.getElementById("table");
  place.append(
    table(["Rule", sentence_case(title_of(test)) + unit_of(test), `${in_trials ? "The same" : "Test"}, minus ${reference}` + (classifies ? ", points" : ""), "p",
      sentence_case(title_of(train)) + unit_of(train), "Locality", "Supervision", ...(has_times ? [sentence_case(step_word) + "s to criterion"] : []), "Time", "Updates"],
    data.summary.rules.map(rule => [element("span", {}, swatch(rule.rule), rule.rule),
      estimate_cell(rule, test), difference_cell(rule, test), p_cell(rule, test), estimate_cell(rule, train),
      rule.locality, rule.supervision, ...(has_times ? [times_cell(rule)] : []),
      format("seconds", rule.metrics.seconds?.median), format("updates", rule.metrics.updates?.median)])));
  const has_pairs = data.summary.rules.some(rule => Object.keys(rule.versus_reference).length > 0);
  const has_p = data.summary.rules.some(rule => typeof rule.versus_reference[test]?.p === "number");
  const of_p = !has_pairs ? "" : has_p
    ? " p: sign-flip test of the differences, adjusted for the number of rules (Holm)."
    : " There are too few seeds for a test: six or more are needed.";
  place.append(element("p", {class: "note"}, `Medians over ${seeds} ${seeds === 1 ? "seed" : "seeds"}` +
    (seeds > 1 ? ` with ${level} % bootstrap intervals` : "") + (has_pairs ? "; differences are paired by seed." : ".") + of_p +
    (has_times && met ? ` Criterion: ${met}, with the number of runs that met it.` : "") + " " +
    (judge ? `Accuracy: of the readout "${readouts[0]}", which learns from the features that a rule found. ` : "") +
    "Locality: what a weight's change may depend on." +
    (in_trials ? " Error: the mean of |output \u2212 target| in the response window; test trials are those without exploration." : "")));
}

function cost_table() {
  const has_times = has_metric(time_metric);
  const rows = data.summary.rules.map(rule => {
    const {seconds, updates} = rule.metrics;
    const rate = seconds && updates && seconds.median > 0 ? significant(updates.median / seconds.median, 3) : "\u2013";
    const time = seconds ? interval(duration(seconds.median), seconds, duration) : "\u2013";
    return [element("span", {}, swatch(rule.rule), rule.rule), time, format("updates", updates?.median), rate,
      ...(has_times ? [times_cell(rule)] : []), rule.signals.join(", ") || "\u2013"];
  });
  section("cost", "What it costs", "Time is that of training one run, without evaluation.",
    table(["Rule", "Time a run", "Updates", "Updates a second", ...(has_times ? [sentence_case(step_word) + "s to criterion"] : []), "Signals used"], rows));
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
    parts.push(definitions([["deltaw", facts.deltaw], ["Seeds", data.summary.seeds.join(", ")], ["Started", facts.started],
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
