// SPDX-License-Identifier: Apache-2.0
// A real rule on a real connection whose synapses have delays of their own: what the host shows and
// what the rule makes of it, against a sum over all pairs of spikes.
#include "training/spiking_driver.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "real_rule.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_inputs = 6, k_outputs = 4, k_steps = 700;
constexpr double k_plus = 0.5, k_minus = 0.3, k_tau_plus = 12, k_tau_minus = 25;

SpikingSpec network(double longest_delay) {
  SpikingSpec spec;
  spec.dt = 1;
  spec.layers = {{.name = "in", .units = k_inputs, .is_source = true},
                 {.name = "out", .units = k_outputs}};
  spec.layers[1].leaky = {.model = "current", .tau = 20, .refractory = 4, .excitatory_tau = 5};
  spec.connections = {{.from = "in",
                       .to = "out",
                       .name = "in>out",
                       .init = {.type = "uniform", .low = 20, .high = 40},
                       .delay = {0, longest_delay},
                       .constraint = {.has_bounds = true, .low = 0, .high = 1000},
                       .plastic = true}};
  return spec;
}

using Times = std::vector<double>;

double change_of(const Times& arrivals, const Times& spikes) {
  double change = 0;
  for (const double arrival : arrivals) {
    for (const double spike : spikes) {
      change += arrival <= spike ? k_plus * std::exp(-(spike - arrival) / k_tau_plus)
                                 : -k_minus * std::exp(-(arrival - spike) / k_tau_minus);
    }
  }
  return change;
}

}  // namespace

TEST_CASE("a network and pair STDP together give each synapse the sum over its pairs of spikes") {
  for (const double longest : {0.0, 9.0}) {
    CAPTURE(longest);
    SpikingNetwork<double> net(network(longest), 5);
    const test::RealRule rule("stdp", {{"a_plus", k_plus},
                                       {"a_minus", k_minus},
                                       {"tau_plus", k_tau_plus},
                                       {"tau_minus", k_tau_minus}});
    SpikingDriver<double> driver(rule.drive({"in>out"}), "in>out", net, 1);
    REQUIRE((net.delays(0) != nullptr) == (longest > 0));
    const arma::mat before = net.weights(0);
    std::vector<Times> departures(k_inputs), spikes(k_outputs);
    Random random(3, "spikes");
    for (std::size_t t = 0; t < k_steps; ++t) {
      std::vector<std::uint32_t> input;
      for (std::uint32_t j = 0; j < k_inputs; ++j) {
        // What still is under way at the end would never arrive.
        if (random.uniform() < 0.03 && t + 10 < k_steps) input.push_back(j);
      }
      net.step(input);
      driver.learn();
      for (const std::uint32_t j : input) departures[j].push_back(static_cast<double>(t));
      for (const std::uint32_t i : net.spikes(1)) spikes[i].push_back(static_cast<double>(t));
    }
    driver.settle();
    std::size_t all = 0;
    for (const Times& unit : spikes) all += unit.size();
    CHECK(all > 40);
    double largest = 0;
    for (std::size_t i = 0; i < k_outputs; ++i) {
      for (std::size_t j = 0; j < k_inputs; ++j) {
        Times arrivals = departures[j];
        for (double& time : arrivals) time += longest > 0 ? (*net.delays(0))(i, j) : 0;
        const double change = change_of(arrivals, spikes[i]);
        largest = std::max(largest, std::abs(change));
        CHECK(net.weights(0)(i, j) - before(i, j) == doctest::Approx(change).epsilon(1e-9));
      }
    }
    CHECK(largest > 1);
  }
}
