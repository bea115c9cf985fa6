// SPDX-License-Identifier: Apache-2.0
// Random weights, and the rows of units that are outputs.
#include "training/feedback.hpp"

#include <cmath>

#include "core/random.hpp"

namespace deltaw {

template <class T>
Buffer<T> feedback_weights(const Network<T>& network, std::size_t layer, std::uint64_t seed) {
  const Graph& graph = network.graph();
  const Graph::Layer& output = graph.layers[graph.output];
  Buffer<T> memory(graph.layers[layer].units, output.units);
  arma::Mat<T> weights = memory.all();
  if (layer == graph.output) {
    weights.eye();
    return memory;
  }
  Random random(seed, "feedback/" + graph.layers[layer].name);
  const double deviation = 1 / std::sqrt(static_cast<double>(output.units));
  for (T& w : weights) w = static_cast<T>(deviation * random.normal());
  for (const std::size_t c : output.incoming) {
    const Graph::Connection& connection = graph.connections[c];
    if (connection.source != layer || connection.init.type != "select") continue;
    for (std::size_t k = 0; k < connection.init.units.size(); ++k) {
      weights.row(connection.init.units[k]).zeros();
      weights(connection.init.units[k], k) = 1;
    }
  }
  return memory;
}

template Buffer<float> feedback_weights(const Network<float>&, std::size_t, std::uint64_t);
template Buffer<double> feedback_weights(const Network<double>&, std::size_t, std::uint64_t);

}  // namespace deltaw
