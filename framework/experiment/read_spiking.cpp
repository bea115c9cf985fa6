// SPDX-License-Identifier: Apache-2.0
// Spiking layers, connections between them, and how samples are shown to them.
#include <algorithm>

#include "core/nearest.hpp"
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

// The synapses of one kind: "excitatory" or "inhibitory".
void read_receptor(const Node& node, const char* kind, const std::string& model, double& tau,
                   double& reversal) {
  if (!node.has(kind)) return;
  const Node receptor = node[kind];
  if (model != "conductance" && receptor.has("reversal")) {
    receptor["reversal"].fail(Code::E502, "is of the model conductance",
                              {.hint = "\"model\": \"conductance\""});
  }
  receptor.read("tau", tau);
  receptor.read("reversal", reversal);
}

LeakySpec read_leaky(const Node& node) {
  check_keys(node, {{"spiking",
                     {},
                     {"model", "tau", "rest", "reset", "threshold", "refractory", "start",
                      "current", "excitatory", "inhibitory", "adaptation", "integrator"}}});
  LeakySpec spec;
  node.read("model", spec.model);
  node.read("tau", spec.tau);
  node.read("rest", spec.rest);
  spec.reset = spec.rest;
  node.read("reset", spec.reset);
  node.read("threshold", spec.threshold);
  node.read("refractory", spec.refractory);
  node.read("start", spec.initial);
  node.read("current", spec.current);
  node.read("integrator", spec.integrator);
  read_receptor(node, "excitatory", spec.model, spec.excitatory_tau, spec.excitatory_reversal);
  read_receptor(node, "inhibitory", spec.model, spec.inhibitory_tau, spec.inhibitory_reversal);
  if (!node.has("adaptation")) return spec;
  const Node adaptation = node["adaptation"];
  adaptation.read("start", spec.theta);
  adaptation.read("increment", spec.theta_increment);
  adaptation.read("tau", spec.theta_tau);
  adaptation.read("offset", spec.theta_offset);
  return spec;
}

SourceSpec read_source(const Node& node) {
  check_keys(node, {{"poisson", {}, {"rate"}},
                    {"regular", {}, {"rate"}},
                    {"latency", {}, {"window"}},
                    {"spikes", {"file"}, {}},
                    {"current", {}, {"amplitude"}},
                    {"protocol", {}, {}}});
  SourceSpec spec;
  node.read("type", spec.type);
  node.read("rate", spec.rate);
  node.read("window", spec.window);
  node.read("amplitude", spec.amplitude);
  node.read("file", spec.file);
  return spec;
}

SpikingLayerSpec read_layer(const Node& node) {
  for (const char* key : {"activation", "bias", "lateral", "type", "image", "filters", "kernel",
                          "size", "stride", "padding", "share", "time", "steps"}) {
    if (!node.has(key)) continue;
    node[key].fail(Code::E502, "is of layers that do not spike", {.hint = "leave it out"});
  }
  if (!node.has("units")) node.fail(Code::E503, "lacks the key \"units\"");
  SpikingLayerSpec spec;
  node.read("name", spec.name);
  node.read("units", spec.units);
  spec.is_source = node.has("source");
  if (spec.is_source && node.has("dynamics")) {
    node["dynamics"].fail(Code::E503, "belong to a source, whose spikes come from outside",
                          {.hint = "leave them out"});
  }
  if (spec.is_source) {
    spec.source = read_source(node["source"]);
  } else if (node.has("dynamics") && node["dynamics"]["type"].json() == "spiking") {
    spec.leaky = read_leaky(node["dynamics"]);
  } else {
    node.fail(Code::E503, "does not spike, in a network in which others do",
              {.hint = "\"dynamics\": \"spiking\", or a \"source\" of spikes"});
  }
  return spec;
}

SpikingConnectionSpec read_connection(const Node& node) {
  if (node.has("rate")) {
    node["rate"].fail(Code::E502, "is of layers that do not spike",
                      {.hint = "\"drive\" with an optimizer of its own"});
  }
  SpikingConnectionSpec spec;
  node.read("from", spec.from);
  node.read("to", spec.to);
  node.read("name", spec.name);
  node.read("receptor", spec.receptor);
  node.read("pattern", spec.pattern);
  node.read("density", spec.density);
  if (node.has("density") != (spec.pattern == "random")) {
    node.fail(Code::E503,
              spec.pattern == "random" ? "does not say how many synapses exist"
                                       : "has a density, but not the pattern random",
              {.expected = R"("pattern": "random" together with "density")"});
  }
  if (node.has("init")) spec.init = read_init(node["init"]);
  if (node.has("constraint")) spec.constraint = read_bounds(node["constraint"]);
  if (node.has("delay")) {
    const Node delay = node["delay"];
    delay.read("low", spec.delay.low);
    delay.read("high", spec.delay.high);
    if (spec.delay.low > spec.delay.high) {
      delay.fail(Code::E503, "has an empty range",
                 {.expected = "low <= high",
                  .found = fmt::format("{} .. {}", spec.delay.low, spec.delay.high)});
    }
  }
  node.read("sum", spec.sum);
  spec.plastic = true;
  node.read("plastic", spec.plastic);
  return spec;
}

}  // namespace

bool is_spiking(const Node& layers) {
  return std::ranges::any_of(layers.items(), [](const Node& layer) {
    return layer.has("source") ||
           (layer.has("dynamics") && layer["dynamics"]["type"].json() == "spiking");
  });
}

SpikingSpec read_spiking(const Node& layers, const Node& connections) {
  SpikingSpec network;
  for (const Node& node : layers.items()) network.layers.push_back(read_layer(node));
  const auto source = std::ranges::find_if(network.layers, &SpikingLayerSpec::is_source);
  if (source == network.layers.end()) {
    layers.fail(Code::E503, "have no source of spikes", {.hint = "\"source\": \"poisson\""});
  }
  std::vector<std::string> known;
  for (const SpikingLayerSpec& layer : network.layers) known.push_back(layer.name);
  for (const Node& node : connections.items()) {
    for (const char* end : {"from", "to"}) {
      const auto name = node[end].as<std::string>();
      if (std::ranges::find(known, name) != known.end()) continue;
      node[end].fail(Code::E510, fmt::format("names no layer: '{}'", name),
                     {.hint = suggest(name, known)});
    }
    network.connections.push_back(read_connection(node));
  }
  return network;
}

PresentationSpec read_presentation(const Node& training) {
  PresentationSpec spec;
  if (!training.has("presentation")) return spec;
  const Node node = training["presentation"];
  node.read("layer", spec.layer);
  node.read("show", spec.show);
  node.read("rest", spec.rest);
  node.read("least_spikes", spec.least_spikes);
  node.read("raise", spec.raise);
  node.read("most_repeats", spec.most_repeats);
  return spec;
}

NetworkSpec outline_of(const SpikingSpec& spiking) {
  NetworkSpec network;
  for (const SpikingLayerSpec& layer : spiking.layers) {
    network.layers.push_back({.name = layer.name, .units = layer.units, .bias = false});
  }
  for (const SpikingConnectionSpec& connection : spiking.connections) {
    network.connections.push_back({.from = connection.from,
                                   .to = connection.to,
                                   .name = connection.name,
                                   .plastic = connection.plastic});
  }
  network.dt = spiking.dt;
  return network;
}

}  // namespace deltaw::detail
