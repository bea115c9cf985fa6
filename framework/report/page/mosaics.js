// SPDX-License-Identifier: Apache-2.0
// Weights into each unit as a tile of a mosaic, and one unit at a time enlarged.
const few_units = 100, mosaics_open = 6;
const shade_of = d3.scaleLinear([0, 127, 254], ["#b35806", "#f7f7f7", "#542788"]).interpolate(d3.interpolateLab);
const grey_shades = d3.range(0, 256).map(level => d3.rgb(shade_of(Math.min(level, 254))));

// What was found of the units that the mosaic shows, or undefined.
const features_of = entry => data.features?.runs.find(run =>
  run.rule === entry.rule && run.seed === entry.seed && run.layer === entry.to && run.alpha.length === entry.units);

// Writes the tile of one unit into the pixels of an image that is `stride` wide, from (left, top).
function put_tile(target, stride, left, top, entry, unit) {
  const {width, height, channels, levels} = entry, area = width * height, first = unit * area * channels;
  for (let i = 0; i < area; ++i) {
    const at = 4 * ((top + Math.floor(i / width)) * stride + left + i % width), level = levels[first + i];
    const colour = channels === 3 ? {r: level + 1, g: levels[first + area + i] + 1, b: levels[first + 2 * area + i] + 1} : grey_shades[level];
    target[at] = colour.r;
    target[at + 1] = colour.g;
    target[at + 2] = colour.b;
    target[at + 3] = 255;
  }
}

// Places of units in a mosaic, by the order chosen; what has no label, or selects nothing, comes last.
function ordered(entry, order) {
  const units = d3.range(entry.shown), found = features_of(entry);
  if (!found || order === "unit") return units;
  const selects = unit => found.alpha[unit] || Infinity, label = unit => found.labels[unit] ?? Infinity;
  return d3.sort(units, ...(order === "label" ? [label, selects] : [selects, label]));
}

function unit_words(entry, unit) {
  const found = features_of(entry);
  if (!found) return `unit ${unit}`;
  const alpha = found.alpha[unit], label = found.labels[unit];
  if (alpha === 0) return `unit ${unit} selects no pattern`;
  const words = `${alpha} of ${found.patterns} patterns (${significant(100 * alpha / found.patterns, 3)} %)`;
  return `unit ${unit}: ${label === null ? "no class" : "class " + label}, selects ${words}`;
}

function class_bars(counts, label) {
  return Plot.plot({
    width: 200, height: 84, margin: 2, marginBottom: counts.length > 12 ? 4 : 18, style,
    x: {type: "band", domain: d3.range(counts.length), axis: counts.length > 12 ? null : "bottom", tickSize: 0, label: null},
    y: {axis: null},
    marks: [Plot.barY(counts, {x: (_, i) => i, y: count => count, fill: (_, i) => (i === label ? "#542788" : "#b9c0c8"),
      title: (count, i) => `class ${i}: ${count} patterns`})]
  });
}

// The panel below a mosaic: one tile large, and what is known of its unit.
function unit_panel(entry) {
  const canvas = element("canvas", {width: entry.width, height: entry.height, "aria-hidden": "true"});
  const words = element("p", {}), bars = element("div", {}), panel = element("div", {class: "unit"}, canvas, element("div", {}, words, bars));
  const show = unit => {
    const image = new ImageData(entry.width, entry.height);
    put_tile(image.data, entry.width, 0, 0, entry, unit);
    canvas.getContext("2d").putImageData(image, 0, 0);
    words.textContent = sentence_case(unit_words(entry, unit));
    const counts = features_of(entry)?.per_class?.[unit];
    if (counts) bars.replaceChildren(class_bars(counts, features_of(entry).labels[unit]));
  };
  return {panel, show};
}

// The canvas with all tiles; calls `show` with the unit that is pointed at, clicked or reached by keys.
function mosaic_canvas(entry, show) {
  const columns = Math.ceil(Math.sqrt(entry.shown)), rows = Math.ceil(entry.shown / columns);
  const step_x = entry.width + 1, step_y = entry.height + 1, width = columns * step_x - 1, height = rows * step_y - 1;
  const canvas = element("canvas", {width, height, role: "slider", tabindex: "0", "aria-valuemin": "1", "aria-valuemax": String(entry.shown),
    "aria-label": `First-layer weights of ${entry.rule}, ${entry.connection}`});
  if (entry.shown > few_units) canvas.style.imageRendering = "auto";
  const frame = element("i", {class: "chosen", "aria-hidden": "true"});
  let units = [], chosen = 0;
  const point = place => {
    const percent = (pixels, of) => 100 * pixels / of + "%";
    frame.style.left = percent(place % columns * step_x, width);
    frame.style.top = percent(Math.floor(place / columns) * step_y, height);
    frame.style.width = percent(entry.width, width);
    frame.style.height = percent(entry.height, height);
    canvas.setAttribute("aria-valuenow", String(place + 1));
    canvas.setAttribute("aria-valuetext", unit_words(entry, units[place]));
    show(units[place]);
  };
  const choose = place => {
    chosen = Math.max(0, Math.min(entry.shown - 1, place));
    point(chosen);
  };
  const place_of = event => {
    const box = canvas.getBoundingClientRect();
    const place = Math.floor((event.clientY - box.top) / box.height * rows) * columns + Math.floor((event.clientX - box.left) / box.width * columns);
    return Math.max(0, Math.min(entry.shown - 1, place));
  };
  const keys = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -entry.shown, End: entry.shown};
  canvas.addEventListener("pointermove", event => point(place_of(event)));
  canvas.addEventListener("pointerleave", () => point(chosen));
  canvas.addEventListener("click", event => choose(place_of(event)));
  canvas.addEventListener("keydown", event => {
    if (keys[event.key] === undefined) return;
    event.preventDefault();
    choose(chosen + keys[event.key]);
  });
  const draw = order => {
    units = ordered(entry, order);
    const image = new ImageData(width, height);
    units.forEach((unit, place) => put_tile(image.data, width, place % columns * step_x, Math.floor(place / columns) * step_y, entry, unit));
    canvas.getContext("2d").putImageData(image, 0, 0);
    choose(0);
  };
  return {canvas: element("div", {class: "mosaic"}, canvas, frame), draw};
}

function mosaic_caption(entry) {
  const some = entry.shown < entry.units ? `first ${entry.shown} of ${entry.units} units` : `${entry.units} units`;
  const [width, height] = entry.image;
  const less = entry.width < width ? `; tiles of ${entry.width} x ${entry.height} pixels, averaged from ${width} x ${height} to keep the page small` : "";
  return `${entry.connection}, ${some}, seed ${entry.seed}${less}`;
}

// Purple above 0 and brown below; or of colour images red, green and blue around grey.
function scale_note(entry) {
  const limit = significant(entry.scale || 0, 3);
  const title = "One weight in a thousand may be larger.";
  if (entry.channels === 3) return element("div", {class: "note", title}, `Red, green, blue: dark ${minus("-" + limit)}, grey 0, bright ${limit}.`);
  return element("div", {class: "scale note", title}, minus("-" + limit), element("i", {}), limit);
}

// Lets a mosaic of many units take the whole width.
function wide_choice(made) {
  const choice = element("button", {type: "button", "aria-pressed": "false"}, "Wide");
  choice.addEventListener("click", () => choice.setAttribute("aria-pressed", String(made.classList.toggle("wide"))));
  return choice;
}

// A row a unit: of pictures the least that says where its weights lie.
function weights_of_units(entry) {
  const each = entry.width * entry.height * entry.channels;
  return d3.range(entry.shown).map(unit => {
    const levels = entry.levels.subarray(unit * each, (unit + 1) * each);
    return [unit_words(entry, unit), ...[d3.min, d3.mean, d3.max].map(of => weight_text(of(levels), entry.scale))];
  });
}

function mosaic(entry, columns) {
  entry.levels = bytes(entry.pixels);
  const {panel, show} = unit_panel(entry), {canvas, draw} = mosaic_canvas(entry, show);
  if (columns === 3) canvas.style.maxWidth = Math.min(340, width_for(3)) + "px";
  draw("unit");
  const made = figure(entry.rule, canvas, mosaic_caption(entry));
  if (columns === 2) made.append(wide_choice(made));
  made.append(scale_note(entry), panel);
  return {made: with_data(made, ["unit", "lowest weight", "mean", "highest"], () => weights_of_units(entry)), draw};
}

function order_choice(drawn) {
  const choice = element("select", {}, ...[["unit", "number"], ["label", "class"], ["selectivity", "patterns they select, fewest first"]].map(([value, words]) =>
    element("option", {value}, words)));
  choice.addEventListener("change", () => drawn.forEach(draw => draw(choice.value)));
  return {choice, control: element("label", {class: "choice"}, "Order units by ", choice)};
}

function mosaics() {
  if (data.mosaics.length === 0) return;
  const columns = data.mosaics.some(entry => entry.shown > few_units) ? 2 : 3, drawn = [];
  const {choice, control} = order_choice(drawn);
  const tiles = entries => element("div", {class: columns === 3 ? "tiles" : "grid"}, ...entries.map(entry => {
    const {made, draw} = mosaic(entry, columns);
    drawn.push(draw);
    if (choice.value !== "unit") draw(choice.value);
    return made;
  }));
  const more = data.mosaics.slice(mosaics_open);
  section("weights", "What the first units look for",
    "Each square shows the final weights into one unit, laid out as the input image. Point at one, or press the arrow keys, to see it large.",
    data.mosaics.some(features_of) ? control : null, tiles(data.mosaics.slice(0, mosaics_open)),
    more.length > 0 ? lazy(`${more.length} more`, () => tiles(more)) : null);
}
