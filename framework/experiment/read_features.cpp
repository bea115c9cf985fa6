// SPDX-License-Identifier: Apache-2.0
// What is measured of a layer's activity after training.
#include <algorithm>

#include "core/nearest.hpp"
#include "experiment/merge.hpp"
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

ReadoutSpec defaults_of(const std::string& type) {
  ReadoutSpec spec;
  spec.type = type;
  if (type == "power") {
    spec.exponent = 4.5;
    spec.normalise = "sum";
    spec.epochs = 100;
  }
  return spec;
}

OptimizerSpec read_readout_optimizer(const Node& node) {
  nlohmann::json optimizer = {
      {"type", "adam"}, {"rate", 0.001}, {"schedule", {{"type", "linear"}}}};
  if (!node.has("optimizer")) return read_optimizer(node.with(optimizer));
  optimizer = merged(optimizer, node["optimizer"].json());
  if (optimizer["type"] == "exponentiated-gradient") {
    node["optimizer"].fail(Code::E503, "would leave a readout at 0, where it starts",
                           {.hint = "\"adam\" or \"sgd\""});
  }
  return read_optimizer(node["optimizer"].with(optimizer));
}

ReadoutSpec read_readout(const Node& node) {
  static const std::vector<KeysOfType> table = {
      {"softmax", {}, {"exponent", "normalise", "epochs", "batch", "optimizer"}},
      {"power", {}, {"exponent", "normalise", "epochs", "batch", "optimizer", "beta", "m"}},
      {"labels", {}, {"vote"}},
      {"population", {}, {}}};
  check_keys(node, table, {"name"});
  ReadoutSpec spec = defaults_of(node["type"].as<std::string>());
  check_file_name(node["name"]);
  node.read("name", spec.name);
  node.read("exponent", spec.exponent);
  node.read("normalise", spec.normalise);
  node.read("beta", spec.beta);
  node.read("m", spec.m);
  node.read("vote", spec.vote);
  node.read("epochs", spec.epochs);
  node.read("batch", spec.batch);
  if (spec.is_linear()) spec.optimizer = read_readout_optimizer(node);
  return spec;
}

const LayerSpec& layer_of(const FeaturesSpec& spec, const Arm& arm, const Node& node) {
  const auto& layers = arm.network.layers;
  if (spec.layer.empty()) return layers.back();
  const auto layer = std::ranges::find(layers, spec.layer, &LayerSpec::name);
  if (layer != layers.end()) return *layer;
  std::vector<std::string> known;
  for (const LayerSpec& other : layers) known.push_back(other.name);
  node["layer"].fail(Code::E510, fmt::format("names no layer of '{}': '{}'", arm.name, spec.layer),
                     {.hint = suggest(spec.layer, known)});
}

void check_vote(const ReadoutSpec& readout, const LayerSpec& layer, const Node& node) {
  if (readout.is_linear() || readout.vote <= layer.units) return;
  node.fail(Code::E503, fmt::format("lets more units vote than layer '{}' has", layer.name),
            {.expected = fmt::format("\"vote\" of {} or less", layer.units),
             .found = fmt::format("{}", readout.vote)});
}

}  // namespace

FeaturesSpec read_features(const Node& node, const std::vector<Arm>& arms, bool is_in_trials) {
  if (is_in_trials) node.fail(Code::E502, "is of tasks with data", {.hint = "\"analyses\""});
  FeaturesSpec spec;
  node.read("layer", spec.layer);
  node.read("selectivity", spec.selectivity);
  std::vector<Node> nodes;
  if (node.has("readouts")) nodes = node["readouts"].items();
  for (const Node& entry : nodes) {
    ReadoutSpec readout = read_readout(entry);
    if (std::ranges::find(spec.readouts, readout.name, &ReadoutSpec::name) != spec.readouts.end()) {
      entry.fail(Code::E503, fmt::format("has the name '{}', which is taken", readout.name),
                 {.hint = "give each readout a \"name\" of its own"});
    }
    spec.readouts.push_back(std::move(readout));
  }
  for (const Arm& arm : arms) {
    const LayerSpec& layer = layer_of(spec, arm, node);
    for (std::size_t i = 0; i < nodes.size(); ++i) check_vote(spec.readouts[i], layer, nodes[i]);
  }
  if (spec.readouts.empty() && !spec.selectivity) {
    node.fail(Code::E503, "asks for nothing", {.hint = "\"readouts\": [\"softmax\"]"});
  }
  return spec;
}

}  // namespace deltaw::detail
