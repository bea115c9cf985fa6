// SPDX-License-Identifier: Apache-2.0
// The order of the page.
const description = data.experiment.description;
head(data.summary.name, "deltaw \u00b7 " + data.summary.name + (description ? " \u00b7 " + description : ""));
if (data.measurements === null) {
  if (data.summary.matched) {
    families();
  } else {
    document.getElementById("table").append(...result_table());
    standings_section();
  }
} else {
  measurements();
}

if (in_trials) {
  error_curves();
  survival();
}
const curves = in_trials ? [] : metrics_drawn.map(learning_curve).filter(chart => chart !== null);
if (curves.length > 0) {
  section("curves", "Learning curves", "Line: median over seeds; band: the middle half of the seeds.", legend(),
    element("div", {class: "grid"}, ...curves));
}

const ends = metrics_of("").map(final_values).filter(chart => chart !== null);
if (ends.length > 0) {
  section("ends", "Where each run ended", `A dot is one seed; the diamond is the median and the bar its ${interval_name}.`,
    element("div", {class: "grid"}, ...ends));
}

forgetting();
readout_section();

const pairs = [test_metric, train_metric].map(paired).filter(chart => chart !== null);
if (pairs.length > 0) {
  section("pairs", "Differences, seed by seed",
    `Each dot compares two runs of one seed: ${in_trials ? "the same inputs and trials, and the same initial weights where the networks are the same" : "the same split, and the same initial weights and order where the networks and batches are the same"}; right of the line ${classifies ? "is better" : "is worse"} than ${reference}.`,
    element("div", {class: "grid"}, ...pairs));
}

if (data.confusion.length > 0) {
  section("confusion", "What is taken for what", "Percent of each true class in the test data; darker is more." +
    (judge ? ` Answers are a network's own or, where it gives none, those of the readout \u201c${readouts[0]}\u201d.` : ""),
    element("div", {class: "tiles"}, ...data.confusion.map(confusion)));
}
pictures();
mosaics();
features();
recordings(data.features?.recordings || []);
if (in_trials) {
  alignment();
  analyses();
}
watchers();
if (data.measurements === null) cost_table();
failure_table();
reproduction();
document.documentElement.dataset.ready = "true";
