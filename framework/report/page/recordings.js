// SPDX-License-Identifier: Apache-2.0
// One sample in a spiking network, step by step: which units spike when, and how potentials move.
const raster_rows = 200; // units shown apart; of a larger layer a row holds several

function raster(run, layer) {
  const of_row = Math.ceil(layer.units / raster_rows), end = 1.001 * run.end;
  const points = layer.steps.map((step, i) => ({time: step * run.dt, unit: layer.spikes[i]}));
  const chart = Plot.plot({
    width: width_for(1), height: Math.min(260, 60 + 4 * Math.ceil(layer.units / of_row)), marginLeft: 48, marginRight: 12, style,
    x: {label: "ms", domain: [0, end]}, y: {label: "unit", domain: [0, Math.max(1, layer.units - 1)], ticks: layer.units > 1 ? 4 : [0], tickFormat: "d"},
    marks: [
      Plot.ruleX([run.shown * run.dt], {stroke: "var(--line)", strokeDasharray: "4 3"}),
      Plot.dot(points, {x: "time", y: "unit", r: points.length > 1000 ? 1 : 1.8, fill: colour_of(run.rule),
        title: p => `unit ${p.unit}, ${significant(p.time, 4)} ms`})
    ]
  });
  const made = figure(layer.name, chart, `${run.is_protocol ? "" : `class ${run.label}: `}${points.length} spikes of ${new Set(layer.spikes).size} among ${layer.units} units`);
  return with_data(made, ["ms", "unit that spikes"], () => points.map(p => [significant(p.time, 5), String(p.unit)]));
}

function potentials(run, layer) {
  const lines = layer.observed.map((unit, i) => layer.potentials[i].map((v, step) => ({time: step * run.dt, v, unit})));
  const spikes = layer.observed.flatMap((unit, i) => layer.steps.filter((_, k) => layer.spikes[k] === unit)
    .map(step => ({time: step * run.dt, v: layer.potentials[i][step], unit})));
  const colour = unit => palette[layer.observed.indexOf(unit) % palette.length];
  const chart = Plot.plot({
    width: width_for(1), height: 220, marginLeft: 48, marginRight: 12, style,
    x: {label: "ms", domain: [0, 1.001 * run.end]}, y: {label: null, grid: true, ticks: 5, nice: true},
    marks: [
      Plot.ruleX([run.shown * run.dt], {stroke: "var(--line)", strokeDasharray: "4 3"}),
      ...lines.map(points => Plot.lineY(points, {x: "time", y: "v", stroke: colour(points[0].unit), strokeWidth: 1.2})),
      Plot.dot(spikes, {x: "time", y: "v", r: 2.5, fill: p => colour(p.unit), title: p => `unit ${p.unit}, ${significant(p.time, 4)} ms`})
    ]
  });
  const made = figure(`${layer.name}: potential, mV`, chart, `units ${layer.observed.join(", ")}, those that spike most; dots are spikes, where the potential is reset`);
  return with_data(made, ["ms", ...layer.observed.map(unit => `unit ${unit}`)], () => lines[0].map((point, step) =>
    [significant(point.time, 5), ...lines.map(points => significant(points[step].v, 4))]));
}

function final_weights(run, entry) {
  const width = (entry.high - entry.low) / entry.counts.length;
  const bars = entry.counts.map((count, i) => ({from: entry.low + i * width, to: entry.low + (i + 1) * width, count}));
  const chart = Plot.plot({
    width: width_for(2), height: 200, marginLeft: 56, marginRight: 12, style,
    x: {label: "weight", ticks: 5}, y: {label: "synapses", grid: true, ticks: 4},
    marks: [Plot.rectY(bars, {x1: "from", x2: "to", y: "count", fill: colour_of(run.rule), fillOpacity: .6,
      title: bar => `${bar.count} from ${significant(bar.from, 3)} to ${significant(bar.to, 3)}`}), Plot.ruleY([0])]
  });
  return with_data(figure(`${entry.connection}: weights after training`, chart), ["from", "to", "synapses"],
    bars.map(bar => [significant(bar.from, 3), significant(bar.to, 3), String(bar.count)]));
}

function recordings(recorded) {
  const runs = recorded.map(run => ({...run,
    end: run.dt * Math.max(run.shown, ...run.layers.flatMap(layer => layer.potentials.map(course => course.length)))}));
  if (runs.length === 0) return;
  const charts = runs.flatMap(run => [
    ...(runs.length > 1 ? [element("h3", {}, run.rule)] : []),
    ...run.weights.map(entry => final_weights(run, entry)),
    ...run.layers.flatMap(layer => [raster(run, layer), ...(layer.observed.length > 0 ? [potentials(run, layer)] : [])])]);
  section("recordings", runs[0].is_protocol ? "Step by step" : "One sample, step by step",
    runs[0].is_protocol ? "What each layer does while the sources are shown at value 1." : "The first sample of the test part, or of the training part where there is none, after training and while nothing learns. Right of the dashed line nothing is shown any more.",
    ...charts);
}
