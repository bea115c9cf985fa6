// SPDX-License-Identifier: Apache-2.0
// Test images that a network is surest of and wrong about, and what the first convolution makes of some.
const pictures_open = 6;

// Places of pictures as one canvas with so many columns, a gap of a pixel between them; grey, or red, green and blue.
function picture_canvas(pictures, places, columns, label) {
  const {width, height, channels} = pictures, rows = Math.ceil(places.length / columns), area = width * height;
  const canvas = element("canvas", {width: columns * (width + 1) - 1, height: rows * (height + 1) - 1, role: "img", "aria-label": label});
  const context = canvas.getContext("2d");
  pictures.levels ||= bytes(pictures.pixels);
  places.forEach((place, i) => {
    const image = new ImageData(width, height), first = place * area * channels;
    for (let pixel = 0; pixel < area; ++pixel) {
      for (let plane = 0; plane < 3; ++plane) {
        image.data[4 * pixel + plane] = pictures.levels[first + (channels === 3 ? plane * area : 0) + pixel];
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, i % columns * (width + 1), Math.floor(i / columns) * (height + 1));
  });
  return canvas;
}

const sure = probability => (100 * probability).toFixed(probability > .9995 ? 2 : 1) + " %";

function mistake(entry) {
  const shots = entry.answers.map((said, place) => element("div", {class: "shot"},
    picture_canvas(entry.shown, [place], 1, `class ${said.class} taken for ${said.answer}`),
    element("span", {}, `${said.class} \u2192 ${said.answer}`), element("small", {}, sure(said.probability))));
  const made = figure(entry.rule, element("div", {class: "shots"}, ...shots), `seed ${entry.seed}: class \u2192 answer, its probability`);
  return with_data(made, ["test sample", "class", "answer", "probability"],
    entry.answers.map(said => [String(said.sample), String(said.class), String(said.answer), sure(said.probability)]));
}

function feature_maps(entry) {
  const each = entry.shown.count / entry.images.count, columns = Math.ceil(Math.sqrt(2 * each));
  const rows = d3.range(entry.images.count).map(image => element("div", {class: "maps"},
    picture_canvas(entry.images, [image], 1, `image ${image + 1}`),
    picture_canvas(entry.shown, d3.range(image * each, (image + 1) * each), columns, `Feature maps of ${entry.rule}, ${entry.layer}, image ${image + 1}`)));
  const some = each < entry.filters ? `first ${each} of ${entry.filters} filters` : `${entry.filters} filters`;
  const made = figure(entry.rule, element("div", {}, ...rows),
    `${entry.layer}, ${some}, seed ${entry.seed}: black ${significant(entry.shown.low, 3)}, white ${significant(entry.shown.high, 3)}`);
  const area = entry.shown.width * entry.shown.height, value = level => entry.shown.low + (entry.shown.high - entry.shown.low) * level / 255;
  return with_data(made, ["filter", ...d3.range(entry.images.count).map(image => `mean activity, image ${image + 1}`)],
    d3.range(each).map(filter => [String(filter), ...d3.range(entry.images.count).map(image => {
      const first = (image * each + filter) * area;
      return significant(value(d3.mean(entry.shown.levels.subarray(first, first + area))), 3);
    })]));
}

function picture_section(id, title, words, entries, draw) {
  if (entries.length === 0) return;
  const more = entries.slice(pictures_open), tiles = list => element("div", {class: "grid"}, ...list.map(draw));
  section(id, title, words, tiles(entries.slice(0, pictures_open)), more.length > 0 ? lazy(`${more.length} more`, () => tiles(more)) : null);
}

function pictures() {
  picture_section("mistakes", "What it is sure of, and wrong about",
    "Test images answered wrong with the highest probability, of one seed.", data.pictures.mistakes, mistake);
  picture_section("maps", "What the first convolution makes of an image",
    "Left the image, the first of its class in the test data; then the activity of each filter at every place.", data.pictures.maps, feature_maps);
}
