// SPDX-License-Identifier: Apache-2.0
// When spikes arrive: one delay for all, or one for each synapse.
#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "spiking/network.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_inputs = 9, k_units = 70;

// A layer that never spikes, so that its input is all that happens.
SpikingSpec listeners(const std::string& pattern, double low, double high, bool is_plastic) {
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = k_inputs, .is_source = true},
                 {.name = "a",
                  .units = k_units,
                  .leaky = {.rest = -65, .threshold = 1e6, .excitatory_tau = 4}}};
  spec.connections = {{.from = "x",
                       .to = "a",
                       .pattern = pattern,
                       .density = pattern == "random" ? 0.5 : 1,
                       .init = {.type = "uniform", .low = 0.1, .high = 1},
                       .delay = {low, high},
                       .plastic = is_plastic}};
  return spec;
}

std::vector<std::vector<std::uint32_t>> spikes_for(std::size_t steps) {
  Random random(3, "spikes");
  std::vector<std::vector<std::uint32_t>> spikes(steps);
  for (auto& list : spikes) {
    for (std::uint32_t k = 0; k < k_inputs; ++k) {
      if (random.uniform() < 0.08) list.push_back(k);
    }
  }
  return spikes;
}

}  // namespace

TEST_CASE_TEMPLATE("with delays of their own, each synapse adds its weight at its own step", T,
                   float, double) {
  for (const char* pattern : {"all-to-all", "random"}) {
    SpikingNetwork<T> network(listeners(pattern, 0, 5, true), 1);
    REQUIRE(network.delays(0) != nullptr);
    const arma::Mat<arma::u8> delays = *network.delays(0);
    const arma::Mat<T> W = network.weights(0);
    const auto spikes = spikes_for(300);
    arma::vec expected(k_units, arma::fill::zeros);
    for (std::size_t n = 0; n < spikes.size(); ++n) {
      network.step(spikes[n]);
      expected *= std::exp(-0.5 / 4);
      for (std::size_t departed = n < 10 ? 0 : n - 10; departed <= n; ++departed) {
        for (const std::uint32_t k : spikes[departed]) {
          for (std::size_t j = 0; j < k_units; ++j) {
            if (departed + delays(j, k) == n) expected[j] += static_cast<double>(W(j, k));
          }
        }
      }
      const arma::vec found = arma::conv_to<arma::vec>::from(network.excitatory_input(1));
      REQUIRE(arma::abs(found - expected).max() < (sizeof(T) == 8 ? 1e-13 : 1e-5));
      const auto shown = network.arrivals(0);
      CHECK(std::vector<std::uint32_t>(shown.begin(), shown.end()) == spikes[n]);
    }
  }
}

TEST_CASE("synapses stored sparsely keep their own delays") {
  SpikingNetwork<double> sparse(listeners("random", 0.5, 7, false), 1);
  SpikingNetwork<double> dense(listeners("random", 0.5, 7, true), 1);
  CHECK(sparse.delays(0) == nullptr);
  for (const auto& spikes : spikes_for(200)) {
    sparse.step(spikes);
    dense.step(spikes);
    REQUIRE(arma::approx_equal(sparse.excitatory_input(1), dense.excitatory_input(1), "absdiff",
                               1e-13));
    CHECK(std::equal(sparse.arrivals(0).begin(), sparse.arrivals(0).end(), spikes.begin(),
                     spikes.end()));
  }
}

TEST_CASE("with one delay for all, spikes arrive together, that much later") {
  for (const double delay : {0.0, 0.5, 3.0, 127.0}) {
    CAPTURE(delay);
    const auto steps = static_cast<std::size_t>(std::lround(delay / 0.5));
    SpikingNetwork<double> network(listeners("all-to-all", delay, delay, true), 1);
    CHECK(network.delays(0) == nullptr);
    const auto spikes = spikes_for(400);
    arma::vec expected(k_units, arma::fill::zeros);
    for (std::size_t n = 0; n < spikes.size(); ++n) {
      network.step(spikes[n]);
      expected *= std::exp(-0.5 / 4);
      std::vector<std::uint32_t> arrived;
      if (n >= steps) arrived = spikes[n - steps];
      for (const std::uint32_t k : arrived) expected += network.weights(0).col(k);
      REQUIRE(arma::approx_equal(network.excitatory_input(1), expected, "absdiff", 1e-13));
      const auto shown = network.arrivals(0);
      CHECK(std::vector<std::uint32_t>(shown.begin(), shown.end()) == arrived);
    }
  }
}

TEST_CASE("plastic synapses of which some do not exist say so, and show departures") {
  SpikingNetwork<double> network(listeners("random", 1.5, 1.5, true), 1);
  REQUIRE(network.delays(0) != nullptr);
  const arma::Mat<arma::u8>& delays = *network.delays(0);
  for (arma::uword k = 0; k < delays.n_elem; ++k) {
    CHECK(delays[k] == (network.weights(0)[k] == 0 ? 255 : 3));
  }
  const std::uint32_t unit = 4;
  network.step({&unit, 1});
  CHECK(network.arrivals(0).size() == 1);
  CHECK(arma::accu(network.excitatory_input(1)) == 0);
  network.step({});
  network.step({});
  CHECK(arma::accu(network.excitatory_input(1)) == 0);
  network.step({});
  CHECK(arma::approx_equal(network.excitatory_input(1), network.weights(0).col(4), "absdiff", 0));
}

TEST_CASE("a weight of a synapse with a delay of its own is read at departure") {
  SpikingNetwork<double> network(listeners("all-to-all", 1, 2, true), 1);
  const arma::mat before = network.weights(0);
  const std::uint32_t unit = 0;
  network.step({&unit, 1});
  network.weights(0).zeros();
  double arrived = 0, last = 0;
  for (int n = 0; n < 5; ++n) {
    network.step({});
    const double now = arma::accu(network.excitatory_input(1));
    arrived += now - last * std::exp(-0.5 / 4);
    last = now;
  }
  CHECK(arrived == doctest::Approx(arma::accu(before.col(0))).epsilon(1e-12));
}
