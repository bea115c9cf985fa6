// SPDX-License-Identifier: Apache-2.0
// Layers first, then connections between them.
#include "spiking/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

std::vector<std::string> names_of(const SpikingSpec& spec) {
  std::vector<std::string> names;
  for (const SpikingLayerSpec& layer : spec.layers) names.push_back(layer.name);
  return names;
}

std::size_t find_layer(const SpikingSpec& spec, const std::string& name,
                       const std::string& connection) {
  const std::vector<std::string> names = names_of(spec);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw Error(Code::E510, fmt::format("connection '{}' names no layer '{}'", connection, name),
              {.hint = suggest(name, names)});
}

void check_layers(const SpikingSpec& spec) {
  std::vector<std::string> names = names_of(spec);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw Error(Code::E503, fmt::format("two layers are named '{}'", *twice));
  }
  for (const SpikingLayerSpec& layer : spec.layers) {
    if (layer.units == 0) {
      throw Error(Code::E503, fmt::format("layer '{}' has no units", layer.name));
    }
    if (layer.is_source) {
      check_source(layer.source, layer.name, spec.dt);
    } else {
      check_leaky(layer.leaky, layer.name, spec.dt);
    }
  }
}

SpikingGraph::Connection resolve_connection(const SpikingSpec& spec,
                                            const SpikingConnectionSpec& c) {
  const std::string name = c.name.empty() ? c.from + ">" + c.to : c.name;
  const std::size_t source = find_layer(spec, c.from, name), target = find_layer(spec, c.to, name);
  check_synapses(c, name, spec.layers[source], spec.layers[target], spec.dt);
  double lower = -std::numeric_limits<double>::infinity(), upper = -lower;
  if (c.constraint.has_bounds) {
    lower = c.constraint.low;
    upper = c.constraint.high;
  }
  const SpikingLayerSpec& from = spec.layers[source];
  const bool is_current = from.is_source && from.source.type == "current";
  const bool is_conductance = !is_current && spec.layers[target].leaky.model == "conductance";
  if (is_conductance || c.constraint.sign == "nonnegative") lower = std::max(lower, 0.0);
  if (c.constraint.sign == "nonpositive") upper = std::min(upper, 0.0);
  return {.name = name,
          .source = source,
          .target = target,
          .is_plastic = c.plastic,
          .is_excitatory = c.receptor == "excitatory",
          .has_own_delays = c.delay.low < c.delay.high,
          .longest_delay = static_cast<std::size_t>(std::lround(c.delay.high / spec.dt)),
          .lower = lower,
          .upper = upper,
          .sum = c.sum,
          .constraint = c.constraint};
}

}  // namespace

SpikingGraph resolve(const SpikingSpec& spec) {
  if (!(spec.dt > 0) || !std::isfinite(spec.dt)) {
    throw Error(Code::E503, "dt must be above 0 ms", {.found = fmt::format("{}", spec.dt)});
  }
  check_layers(spec);
  SpikingGraph graph;
  for (const SpikingLayerSpec& layer : spec.layers) {
    graph.layers.push_back({layer.name, layer.units, layer.is_source,
                            layer.is_source && layer.source.type == "current"});
  }
  const auto input = std::find_if(graph.layers.begin(), graph.layers.end(),
                                  [](const auto& layer) { return layer.is_source; });
  if (input == graph.layers.end()) {
    throw Error(Code::E503, "the network has no source of spikes",
                {.expected = "a layer whose spikes come from outside"});
  }
  graph.input = static_cast<std::size_t>(input - graph.layers.begin());
  for (const SpikingConnectionSpec& c : spec.connections) {
    SpikingGraph::Connection made = resolve_connection(spec, c);
    for (const SpikingGraph::Connection& other : graph.connections) {
      if (other.name != made.name) continue;
      throw Error(Code::E503, fmt::format("two connections are named '{}'", made.name),
                  {.hint = "\"name\""});
    }
    graph.connections.push_back(std::move(made));
  }
  return graph;
}

}  // namespace deltaw
