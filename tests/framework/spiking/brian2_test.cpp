// SPDX-License-Identifier: Apache-2.0
// The networks of brian2_reference.py, spike by spike.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "brian2_reference.hpp"
#include "spiking/network.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_inputs = 20, k_units = 8;
constexpr int k_steps = 600;

SpikingLayerSpec layer(const char* name, const LeakySpec& leaky) {
  return {.name = name, .units = k_units, .leaky = leaky};
}

SpikingConnectionSpec synapses(const char* from, const char* to, const char* receptor,
                               const char* pattern, double delay) {
  return {.from = from,
          .to = to,
          .receptor = receptor,
          .pattern = pattern,
          .init = {.type = "zeros"},
          .delay = {delay, delay}};
}

SpikingConnectionSpec constant(SpikingConnectionSpec spec, double weight) {
  spec.init = {.type = "constant", .value = weight};
  return spec;
}

template <class T>
void set_weights(SpikingNetwork<T>& network, std::size_t connection, double scale) {
  arma::Mat<T>& W = network.weights(connection);
  const arma::Mat<arma::u8>* delays = network.delays(connection);
  for (arma::uword k = 0; k < W.n_cols; ++k) {
    for (arma::uword j = 0; j < W.n_rows; ++j) {
      if (delays != nullptr && (*delays)(j, k) == 255) continue;
      W(j, k) = static_cast<T>(scale * static_cast<double>((7 * j + 13 * k) % 11 + 1) / 11);
    }
  }
}

template <class T>
SpikingNetwork<T> conductances(const std::string& integrator) {
  const LeakySpec e = {.model = "conductance",
                       .tau = 100,
                       .rest = -65,
                       .reset = -65,
                       .threshold = -52,
                       .refractory = 5,
                       .initial = -105,
                       .excitatory_tau = 1,
                       .inhibitory_tau = 2,
                       .inhibitory_reversal = -100,
                       .theta = 20,
                       .theta_increment = 0.5,
                       .theta_tau = 400,
                       .theta_offset = 20,
                       .integrator = integrator};
  const LeakySpec i = {.model = "conductance",
                       .tau = 10,
                       .rest = -60,
                       .reset = -45,
                       .threshold = -40,
                       .refractory = 2,
                       .initial = -100,
                       .excitatory_tau = 1,
                       .inhibitory_tau = 2,
                       .inhibitory_reversal = -85,
                       .integrator = integrator};
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = k_inputs, .is_source = true}, layer("e", e), layer("i", i)};
  spec.connections = {synapses("x", "e", "excitatory", "all-to-all", 1.5),
                      constant(synapses("e", "i", "excitatory", "one-to-one", 0), 10.4),
                      constant(synapses("i", "e", "inhibitory", "all-but-self", 0), 17)};
  SpikingNetwork<T> network(spec, 1);
  set_weights(network, 0, 5);
  return network;
}

template <class T>
SpikingNetwork<T> currents(const std::string& integrator) {
  LeakySpec a = {.tau = 20,
                 .rest = -65,
                 .reset = -65,
                 .threshold = -50,
                 .refractory = 3,
                 .current = 9,
                 .excitatory_tau = 5,
                 .inhibitory_tau = 8,
                 .integrator = integrator};
  LeakySpec b = a;
  b.reset = -62;
  b.refractory = 2;
  b.current = 14.5;
  b.inhibitory_tau = 0;
  SpikingSpec spec;
  spec.layers = {{.name = "x", .units = k_inputs, .is_source = true}, layer("a", a), layer("b", b)};
  spec.connections = {synapses("x", "a", "excitatory", "all-to-all", 1),
                      synapses("a", "b", "excitatory", "all-to-all", 2.5),
                      synapses("a", "b", "inhibitory", "all-but-self", 0),
                      constant(synapses("b", "a", "inhibitory", "one-to-one", 0.5), 1.5)};
  spec.connections[2].name = "at once";
  spec.connections[2].plastic = true;
  SpikingNetwork<T> network(spec, 1);
  set_weights(network, 0, 8);
  set_weights(network, 1, 3);
  set_weights(network, 2, 1);
  return network;
}

using Spikes = std::vector<std::pair<int, int>>;

template <class T>
std::vector<Spikes> run(SpikingNetwork<T>& network) {
  std::vector<Spikes> found(2);
  for (int n = 0; n < k_steps; ++n) {
    std::vector<std::uint32_t> input;
    for (std::uint32_t i = 0; i < k_inputs; ++i) {
      if ((37 * static_cast<std::uint32_t>(n) + 11 * i) % 61 < 2) input.push_back(i);
    }
    network.step(input);
    for (const std::size_t layer : {1u, 2u}) {
      for (const std::uint32_t unit : network.spikes(layer)) {
        found[layer - 1].emplace_back(n, static_cast<int>(unit));
      }
    }
  }
  return found;
}

template <class T>
void compare(SpikingNetwork<T> network, const Reference& first, const Reference& second) {
  const std::vector<Spikes> found = run(network);
  CHECK(found[0] == first.spikes);
  CHECK(found[1] == second.spikes);
  const double tolerance = sizeof(T) == 8 ? 2e-6 : 2e-3;
  for (std::size_t k = 0; k < k_units; ++k) {
    CHECK(std::abs(static_cast<double>(network.potential(1)[k]) - first.potential[k]) < tolerance);
    CHECK(std::abs(static_cast<double>(network.potential(2)[k]) - second.potential[k]) < tolerance);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("conductances by forward Euler spike as in Brian2", T, float, double) {
  compare(conductances<T>("euler"), conductance_euler_0, conductance_euler_1);
}

TEST_CASE_TEMPLATE("conductances by exponential Euler spike as in Brian2", T, float, double) {
  compare(conductances<T>("exponential"), conductance_exponential_0, conductance_exponential_1);
}

TEST_CASE_TEMPLATE("currents integrated exactly spike as in Brian2", T, float, double) {
  compare(currents<T>("exponential"), current_exact_0, current_exact_1);
}

TEST_CASE_TEMPLATE("currents by forward Euler spike as in Brian2", T, float, double) {
  compare(currents<T>("euler"), current_euler_0, current_euler_1);
}
