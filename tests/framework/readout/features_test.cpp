// SPDX-License-Identifier: Apache-2.0
#include "readout/features.hpp"

#include <doctest/doctest.h>

#include "network/initialise.hpp"

using namespace deltaw;

namespace {

// relu(W x) in the middle, of 3 x 2 weights.
Network<double> small_network() {
  NetworkSpec spec;
  spec.layers = {{.name = "input", .units = 2},
                 {.name = "middle", .units = 3, .activation = {.type = "relu"}, .bias = false},
                 {.name = "output", .units = 2}};
  spec.connections = {{.from = "input", .to = "middle", .name = "in"},
                      {.from = "middle", .to = "output", .name = "out"}};
  Network<double> network(make_graph(spec));
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    if (network.graph().connections[c].name != "in") continue;
    network.weights(c) = arma::mat{{1, 0}, {0, -1}, {2, 1}};
  }
  return network;
}

std::size_t middle(const Network<double>& network) {
  const auto& layers = network.graph().layers;
  std::size_t layer = 0;
  while (layers[layer].name != "middle") ++layer;
  return layer;
}

// Sample k is (k, 1 - k).
arma::mat samples(std::size_t count) {
  arma::mat inputs(2, count);
  for (std::size_t k = 0; k < count; ++k) {
    inputs(0, k) = static_cast<double>(k);
    inputs(1, k) = 1 - static_cast<double>(k);
  }
  return inputs;
}

void check_sample(const arma::mat& features, std::size_t column, std::size_t k) {
  const double x = static_cast<double>(k);
  CHECK(features(0, column) == x);
  CHECK(features(1, column) == (k > 1 ? x - 1 : 0));
  CHECK(features(2, column) == x + 1);
}

}  // namespace

TEST_CASE("features are the posts of the layer, for more samples than a block holds") {
  const Network<double> network = small_network();
  const arma::mat features = features_of(network, middle(network), samples(601));
  REQUIRE(features.n_rows == 3);
  REQUIRE(features.n_cols == 601);
  for (const std::size_t k : {0u, 1u, 255u, 256u, 600u}) check_sample(features, k, k);
}

TEST_CASE("a stride takes every so many-th sample, the first among them") {
  const Network<double> network = small_network();
  for (const auto& [samples_there, taken] : {std::pair{601u, 301u}, std::pair{602u, 301u}}) {
    const arma::mat features = features_of(network, middle(network), samples(samples_there), 2);
    REQUIRE(features.n_cols == taken);
    check_sample(features, 300, 600);
    check_sample(features, 1, 2);
  }
  CHECK(features_of(network, middle(network), samples(0)).n_cols == 0);
}
