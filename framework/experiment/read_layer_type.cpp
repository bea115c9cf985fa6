// SPDX-License-Identifier: Apache-2.0
// What kind of layer it is, and how large.
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

ImageSize read_image(const Node& node, bool is_input) {
  if (!is_input) {
    node.fail(Code::E503, "belongs to a layer that is not the input",
              {.hint = "leave it out: it follows from the source"});
  }
  const auto lengths = node.as<std::vector<std::size_t>>();
  return {lengths[0], lengths[1], lengths.size() > 2 ? lengths[2] : 1};
}

}  // namespace

void read_layer_type(const Node& node, bool is_input, LayerSpec& layer) {
  static const std::vector<KeysOfType> table = {
      {"dense", {}, {"activation", "dynamics", "lateral", "bias", "image"}},
      {"conv2d", {"filters", "kernel"}, {"stride", "padding", "activation", "bias"}},
      {"max-pool", {}, {"size", "stride"}},
      {"flatten", {}, {}},
      {"normalise", {}, {}},
      {"dropout", {"share"}, {}},
      {"gru", {"units"}, {"time", "steps", "bias"}},
      {"lstm", {"units"}, {"time", "steps", "bias"}}};
  nlohmann::json object = node.json();
  object["type"] = object.value("type", "dense");
  check_keys(node.with(object), table, {"name", "units"});
  node.read("type", layer.type);
  node.read("units", layer.units);
  node.read("filters", layer.filters);
  if (layer.type == "max-pool") layer.side = 2;
  node.read("kernel", layer.side);
  node.read("size", layer.side);
  if (layer.type == "max-pool") layer.stride = layer.side;
  node.read("stride", layer.stride);
  node.read("padding", layer.padding);
  node.read("share", layer.share);
  node.read("time", layer.axis);
  node.read("steps", layer.steps);
  if (layer.type != "dense") {
    if (!is_input) return;
    node.fail(Code::E503, "is the input, which shows the data as it is",
              {.expected = "\"units\" or an \"image\"", .found = layer.type});
  }
  if (node.has("image")) layer.image = read_image(node["image"], is_input);
  if (!node.has("units") && !layer.image.exists()) {
    node.fail(Code::E503,
              is_input ? "lacks the key \"units\" or \"image\"" : "lacks the key \"units\"");
  }
  if (!node.has("units") || !layer.image.exists()) return;
  if (layer.units == layer.image.units()) return;
  node["units"].fail(Code::E503, "contradict the image",
                     {.expected = fmt::format("{}", layer.image.units()),
                      .found = fmt::format("{}", layer.units)});
}

}  // namespace deltaw::detail
