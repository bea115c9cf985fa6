// SPDX-License-Identifier: Apache-2.0
// The page of ensembles: members and ensembles with their intervals, and how they differ.
const found = data.found;
const percent = share => (100 * share).toFixed(2);
const in_points = share => minus((share > 0 ? "+" : "") + (100 * share).toFixed(2));
const p_text = p => (p < .001 ? "< 0.001" : p.toFixed(3));
const between = entry => element("small", {}, ` [${percent(entry.low)}, ${percent(entry.high)}]`);
const points_cell = pair => (pair === null ? "\u2013" : element("td", {}, in_points(pair.mean),
  element("small", {}, ` [${in_points(pair.low)}, ${in_points(pair.high)}]`)));
const kinds = [["member", "#56b4e9"], ["average", "#0072b2"], ["stacking", "#d55e00"]];
const kind_colour = kind => kinds.find(([name]) => name === kind)[1];

function accuracy_chart(rows) {
  const names = rows.map(row => row.name), scale = row => ({...row, x: 100 * row.accuracy, x1: 100 * row.low, x2: 100 * row.high});
  const drawn = rows.map(scale);
  const chart = Plot.plot({
    width: width_for(1), height: 50 + 30 * rows.length, marginLeft: 8, marginRight: 12, marginTop: 10, marginBottom: 40, style,
    x: {label: "test accuracy, %", grid: true, nice: true, ticks: 6, labelAnchor: "center", labelArrow: "none"},
    y: {domain: names, type: "point", axis: null, padding: .6},
    marks: [
      Plot.ruleY(drawn, {y: "name", x1: "x1", x2: "x2", stroke: row => kind_colour(row.kind), strokeWidth: 3}),
      Plot.dot(drawn, {y: "name", x: "x", r: 5, fill: row => kind_colour(row.kind), stroke: "white",
        title: row => `${row.name}: ${percent(row.accuracy)} %`}),
      Plot.text(drawn, {y: "name", frameAnchor: "left", text: "name", dy: -11, fill: "currentColor", stroke: "white", strokeWidth: 4})
    ]
  });
  const made = figure("Accuracy on the test data, with intervals at 95 %", chart, null);
  return with_data(made, ["", "kind", "test accuracy, %", "from", "to"],
    rows.map(row => [row.name, row.kind, percent(row.accuracy), percent(row.low), percent(row.high)]));
}

head(found.name + " \u00b7 ensembles", "deltaw ensemble \u00b7 " + found.name);
document.getElementById("table").append(
  table(["Ensemble", "Members", "Test accuracy, %", "Best member on validation data", "Beside it, points", "p", "Beside the mean member, points"],
    found.ensembles.map(one => [one.name, String(one.members.length), element("td", {}, percent(one.test.accuracy), between(one.test)),
      one.beside_best?.member ?? "\u2013", points_cell(one.beside_best), one.beside_best ? p_text(one.beside_best.p_adjusted) : "\u2013", points_cell(one.beside_mean)])),
  element("p", {class: "note"}, `${found.test.toLocaleString("en-GB")} test samples, answered by all. p: McNemar\u2019s exact test, adjusted after Holm.`));

const members = found.members.map(one => ({name: one.member, kind: "member", ...one.test}));
const ensembles = found.ensembles.map(one => ({name: one.name, kind: one.combination, ...one.test}));
section("accuracies", "Members and ensembles", "A dot is the share of test samples answered right, the bar its Wilson interval.",
  colour_key(kinds), accuracy_chart([...members, ...ensembles]));

if (found.pairs.length > 0) {
  section("groups", "Groups of one size beside each other",
    "Over the same test samples: how many more the first answers right, and how many each alone. p: McNemar\u2019s exact test, adjusted after Holm.",
    table(["First", "Second", "Difference, points", "First alone right", "Second alone right", "p"],
      found.pairs.map(pair => [pair.first, pair.second, points_cell(pair), String(pair.only_first), String(pair.only_second), p_text(pair.p_adjusted)])));
}

const median_cell = (estimate, write) => (estimate === null ? "\u2013" : element("td", {}, write(estimate.median),
  element("small", {}, ` [${write(estimate.low)}, ${write(estimate.high)}]`)));
if (found.over_seeds.ensembles.length > 0) {
  section("seeds", "Over seeds", "Medians over seeds and their 95 % intervals; of fewer than six seeds their range.",
    table(["Ensemble", "Seeds", "Test accuracy, %", "Beside the best member, points", "Beside the mean member, points"],
      found.over_seeds.ensembles.map(row => [`${row.group}-${row.combination}`, String(row.seeds), median_cell(row.test, percent),
        median_cell(row.beside_best, in_points), median_cell(row.beside_mean, in_points)])),
    found.over_seeds.pairs.length === 0 ? null : table(["First", "Second", "Seeds", "Difference, points"],
      found.over_seeds.pairs.map(row => [`${row.first_group}-${row.combination}`, `${row.second_group}-${row.combination}`, String(row.seeds),
        median_cell(row.mean, in_points)])));
}

section("members", "Members", "Each is a run that finished; hashes are of its weights.",
  table(["Member", "Validation accuracy, %", "Test accuracy, %", "Results", "SHA-256"],
    found.members.map(one => [one.member, one.validation === null ? "\u2013" : percent(one.validation),
      element("td", {}, percent(one.test.accuracy), between(one.test)), one.results, element("td", {}, element("code", {}, one.weights.slice(0, 16)))])));

const facts = data.provenance;
section("reproduce", "How to reproduce it", "The same runs give the same bits.",
  element("pre", {class: "wrap"}, element("code", {}, facts.command)),
  definitions([["deltaw", facts.deltaw], ["Started", facts.started], ["Finished", facts.finished],
    ["Processor", `${facts.host.cpu}, ${facts.host.cores} cores`], ["System", facts.host.os], ["Compiler", facts.compiler], ["BLAS", facts.blas]]));
document.documentElement.dataset.ready = "true";
