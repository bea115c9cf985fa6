// SPDX-License-Identifier: Apache-2.0
// What acts both ways must have a way back.
#include "network/settling.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace deltaw {
namespace {

[[noreturn]] void refuse(const std::string& problem, const char* expected,
                         const std::string& found) {
  throw Error(Code::E503, fmt::format("a network that settles {}", problem),
              {.expected = expected, .found = found});
}

void check_layer(const Graph& graph, const Graph::Layer& layer) {
  if (layer.has_time() || layer.lateral.exists()) {
    refuse("has no layers that move by themselves",
           "layers without dynamics or lateral connections", fmt::format("'{}'", layer.name));
  }
  const std::string& activation = layer.activation.type;
  if (activation == "softmax" || activation == "threshold") {
    refuse("needs activations without jumps, each of its own potential",
           "linear, relu, sigmoid, tanh or clipped-linear",
           fmt::format("{} in layer '{}'", activation, layer.name));
  }
  for (const std::size_t c : layer.incoming) {
    if (graph.connections[c].way == Graph::Way::plain) continue;
    refuse("has dense layers alone: activity goes back along each connection", "dense layers",
           fmt::format("'{}'", layer.name));
  }
}

}  // namespace

void check_settling(const Graph& graph) {
  const SettlingSpec& settling = graph.settling;
  if (!settling.exists()) return;
  if (!(settling.step > 0 && settling.step <= 1)) {
    refuse("goes a share of the way in each step", "above 0, at most 1",
           fmt::format("{}", settling.step));
  }
  for (const Graph::Layer& layer : graph.layers) check_layer(graph, layer);
}

}  // namespace deltaw
