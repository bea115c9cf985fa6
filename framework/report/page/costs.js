// SPDX-License-Identifier: Apache-2.0
// What learning took: counts that are the same on every machine, time, and what it bought.
const counted = [["multiply_adds", "Multiply-adds"], ["additions", "Additions for spikes"], ["synaptic_updates", "Synaptic updates"],
  ["spikes", "Spikes"], ["labels", "Labels shown"], ["rewards", "Rewards given"], ["state_bytes", "State beside weights, bytes"], ["energy", "Energy, J (estimate)"]];

// "1.23e6" as people write it.
function power_of_ten(value) {
  if (value === 0 || (Math.abs(value) >= 0.01 && Math.abs(value) < 1e5)) return significant(value, 3);
  const [digits, exponent] = value.toExponential(2).split("e");
  return element("span", {}, `${digits} \u00d7 10`, element("sup", {}, minus(String(Number(exponent)))));
}

function cost_frontier() {
  const metric = test_metric;
  const shown = data.summary.rules.filter(rule => rule.metrics.energy && rule.metrics.energy.median > 0 && rule.metrics[metric])
    .map(rule => ({rule: rule.rule, energy: rule.metrics.energy.median, score: rule.metrics[metric]}));
  if (shown.length < 2) return null;
  const chart = Plot.plot({
    width: width_for(1), height: 340, marginLeft: 48, marginRight: 90, marginTop: 24, style,
    x: {type: "log", label: "energy of arithmetic in one run, J (estimate)", ticks: 5, tickFormat: "~e"},
    y: {label: title_of(metric) + unit_of(metric), grid: true, ticks: 6},
    marks: [
      Plot.ruleX(shown, {x: "energy", y1: d => scaled(metric, d.score.low), y2: d => scaled(metric, d.score.high), stroke: d => colour_of(d.rule)}),
      Plot.dot(shown, {x: "energy", y: d => scaled(metric, d.score.median), r: 5, fill: d => colour_of(d.rule)}),
      Plot.text(shown, {x: "energy", y: d => scaled(metric, d.score.median), text: "rule", dx: 9, textAnchor: "start"})
    ]
  });
  const made = figure("Score against arithmetic", chart, `${classifies ? "Up" : "Down"} and to the left is better: more for less. Bars: intervals over seeds.`);
  return with_data(made, ["rule", "energy, J (estimate)", title_of(metric) + unit_of(metric)],
    shown.map(d => [d.rule, significant(d.energy, 4), estimate_cell({metrics: {[metric]: d.score}}, metric)]));
}

function cost_table() {
  const has_times = has_metric(time_metric);
  const counts = counted.filter(([metric]) => has_metric(metric));
  const rows = data.summary.rules.map(rule => {
    const {seconds, updates} = rule.metrics;
    const rate = seconds && updates && seconds.median > 0 ? significant(updates.median / seconds.median, 3) : "\u2013";
    const time = seconds ? interval(duration(seconds.median), seconds, duration) : "\u2013";
    return [element("span", {}, swatch(rule.rule), rule.rule), time, format("updates", updates?.median), rate,
      ...counts.map(([metric]) => (rule.metrics[metric] ? power_of_ten(rule.metrics[metric].median) : "\u2013")),
      ...(has_times ? [times_cell(rule)] : []), rule.signals.join(", ") || "\u2013"];
  });
  const frontier = cost_frontier();
  section("cost", "What it costs",
    "Time is that of training one run, without evaluation. Counts are medians of a run's training and the same on every machine; what a rule computes for itself beyond one multiply-add a synapse and observation is not seen. " +
    "Energy is an estimate: 3.7 pJ a multiplication and 0.9 pJ an addition of 32-bit floats in 45 nm (Horowitz 2014), without memory.",
    ...(frontier ? [frontier] : []),
    table(["Rule", "Time a run", "Updates", "Updates a second", ...counts.map(([, title]) => title),
      ...(has_times ? [sentence_case(step_word) + "s to criterion"] : []), "Signals used"], rows));
}
