// SPDX-License-Identifier: Apache-2.0
// The page of a comparison that runs: learning curves as they grow, and where its rule is written
// under `deltaw watch`, what became of the last save.
const runs = new Map();  // by "rule/seed": {rule, seed, rows, status}
const key_of = line => line.rule + "/" + line.seed;
const run_of = line => {
  if (!runs.has(key_of(line))) runs.set(key_of(line), {rule: line.rule, seed: line.seed, rows: [], status: "running"});
  return runs.get(key_of(line));
};
for (const run of data.recorded) runs.set(key_of(run), {...run, status: "recorded"});

let next = 0, build = null, is_over = false;
const state = document.getElementById("headline"), facts = document.getElementById("facts");
const curves = section("curves", "Learning curves", "Line: median over seeds; band: the middle half of the seeds.", legend(),
  element("div", {class: "grid"}));

function take(line) {
  const run = run_of(line);
  if (line.status) run.status = line.status;
  else run.rows.push(line);
}

// Enough for a line: every nth epoch, the same ones for all runs, and of a growing run the last.
const most_points = 200;

function live_bands(rule, metric) {
  const last = d3.max([...runs.values()], run => run.rows.at(-1)?.epoch) || 0;
  const every = Math.max(1, Math.ceil(last / most_points));
  return quartiles_by_epoch([...runs.values()].filter(run => run.rule === rule).map(run => {
    const rows = run.rows.filter((row, i) =>
      typeof row[metric] === "number" && (row.epoch % every === 0 || !Number.isInteger(row.epoch) || i === run.rows.length - 1));
    return {epochs: rows.map(row => row.epoch), values: rows.map(row => scaled(metric, row[metric]))};
  }));
}

function live_curve(metric) {
  const lines = rules.map(rule => ({rule, points: live_bands(rule, metric)})).filter(line => line.points.length > 0);
  if (lines.length === 0) return null;
  const is_log = !is_accuracy(metric) && lines.every(line => line.points.every(point => point.low > 0));
  return band_chart(sentence_case(title_of(metric)) + unit_of(metric), lines, is_log, []);
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function tell(found) {
  const own = [...runs.values()].filter(run => run.status !== "recorded");
  const ended = (data.head?.ended || 0) + own.filter(run => run.status !== "running").length, all = data.head ? data.head.rules.length * data.head.seeds.length : 0;
  const watch = found.watch;
  state.textContent = watch ? watch.said : found.is_written ? `Running: ${ended} of ${plural(all, "run")} ended` :
    found.has_report ? "Finished" : "Nothing runs here";
  const report = (watch && watch.report) || (found.has_report && !found.is_written ? data.folder + "/report.html" : null);
  facts.replaceChildren(
    ...(watch ? watch.facts.map(fact => element("li", {}, fact)) : []),
    ...own.filter(run => run.status === "failed").map(run => element("li", {}, `${run.rule} seed ${run.seed} failed`)),
    ...(report ? [element("li", {}, element("a", {href: "/files/" + report.split("/").map(encodeURIComponent).join("/")}, "report"))] : []));
}

async function look() {
  try {
    const answer = await fetch(`/progress.json?folder=${encodeURIComponent(data.folder)}&from=${next}`);
    const found = await answer.json();
    // Another comparison, or another save, begins the page anew.
    const begins = found.head && JSON.stringify(found.head) !== JSON.stringify(data.head);
    const is_another = build !== null && found.watch && found.watch.build !== build;
    if (begins || is_another || found.next < next) return location.reload();
    if (found.watch) build = found.watch.build;
    found.lines.forEach(take);
    next = found.next;
    tell(found);
    if (found.lines.length > 0 || !is_over) {
      const charts = metrics_drawn.map(live_curve).filter(chart => chart !== null);
      curves.querySelector(".grid").replaceChildren(...charts);
      document.documentElement.dataset.points = [...runs.values()].filter(run => run.status !== "recorded").reduce((sum, run) => sum + run.rows.length, 0);
    }
    is_over = !found.is_written;
  } catch (error) {
    state.textContent = "deltaw does not answer any more";
  }
  document.documentElement.dataset.ready = "true";
  setTimeout(look, 500);
}

document.title = data.summary.name + " \u00b7 deltaw";
document.getElementById("name").textContent = "deltaw \u00b7 " + data.summary.name;
look();
