// SPDX-License-Identifier: Apache-2.0
// Constant currents as an input: into a layer, through weights, and as a sample.
#include <doctest/doctest.h>

#include <cmath>

#include "spiking/leaky.hpp"
#include "spiking/network.hpp"
#include "spiking/sources.hpp"

using namespace deltaw;

namespace {

template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 1e-12 : 3e-5;

LeakySpec quiet(const std::string& model, const std::string& integrator) {
  return {.model = model,
          .tau = 10,
          .rest = -60,
          .reset = -60,
          .threshold = 0,
          .inhibitory_reversal = -80,
          .integrator = integrator};
}

template <class T>
T after_a_step(const LeakySpec& spec, T current) {
  LeakyLayer<T> layer(spec, 2, 1);
  const T currents[] = {0, current};
  layer.set_current(currents);
  layer.excitatory()[1] = 2;
  layer.inhibitory()[1] = T(0.5);
  layer.integrate();
  layer.reset();
  CHECK(layer.potential()[0] == -60);
  return layer.potential()[1];
}

SpikingSpec driven() {
  SpikingSpec spec;
  spec.dt = 0.1;
  spec.layers = {
      {.name = "x", .units = 5, .is_source = true, .source = {.type = "current", .amplitude = 30}},
      {.name = "y", .units = 3, .is_source = true, .source = {.type = "current", .amplitude = 4}},
      {.name = "out", .units = 4, .leaky = quiet("current", "exponential")}};
  spec.connections = {{.from = "x", .to = "out", .init = {.type = "uniform", .low = -1, .high = 1}},
                      {.from = "y",
                       .to = "out",
                       .receptor = "inhibitory",
                       .pattern = "random",
                       .density = 0.5,
                       .init = {.type = "uniform", .low = 0, .high = 1}}};
  return spec;
}

}  // namespace

TEST_CASE_TEMPLATE("a step with a current of 7 mV is the one worked by hand", T, float, double) {
  // a = 0.1, s = 3.5, e E_e + i E_i + c = 2 x 60 - 0.5 x 20 + 7 = 117 mV above rest.
  const auto close = [](T found, double worked) {
    CHECK(std::abs(static_cast<double>(found) - worked) < tolerance<T>);
  };
  close(after_a_step<T>(quiet("conductance", "implicit"), 7), -60 + 11.7 / 1.35);
  close(after_a_step<T>(quiet("conductance", "exponential"), 7),
        -60 + 117 / 3.5 * 0.295311910281287);
  close(after_a_step<T>(quiet("conductance", "euler"), 7), -60 + 11.7);
  close(after_a_step<T>(quiet("current", "implicit"), 7), -60 + 0.1 * (2 - 0.5 + 7) / 1.1);
  close(after_a_step<T>(quiet("current", "euler"), 7), -60 + 0.1 * (2 - 0.5 + 7));
}

TEST_CASE_TEMPLATE("v goes to its new rest as the closed form says, and back", T, float, double) {
  LeakyLayer<T> layer(quiet("current", "exponential"), 100, 0.5);
  std::vector<T> currents(100);
  currents[97] = -12;
  layer.set_current(currents);
  for (int k = 0; k < 100; ++k) layer.integrate(), layer.reset();
  const double down = -12 * (1 - std::exp(-50 / 10.0));
  CHECK(std::abs(static_cast<double>(layer.potential()[97]) + 60 - down) < tolerance<T>);
  layer.set_current(std::vector<T>(100));
  for (int k = 0; k < 20; ++k) layer.integrate(), layer.reset();
  CHECK(std::abs(static_cast<double>(layer.potential()[97]) + 60 - down * std::exp(-1.0)) <
        tolerance<T>);
  for (int k = 0; k < 1000; ++k) layer.integrate(), layer.reset();
  CHECK(layer.blocks_awake() == 0);
}

TEST_CASE_TEMPLATE("currents reach a layer through the weights, those of inhibition negative", T,
                   float, double) {
  const SpikingSpec spec = driven();
  SpikingNetwork<T> network(spec, 3);
  Sources<T> sources(spec);
  const std::vector<T> values = {0, T(0.2), 1, T(0.7), T(0.5)};
  sources.encode(values, 1.5, 150, 1, "test", 0);
  REQUIRE(sources.steps() == 1500);
  for (std::size_t t = 0; t < 1500; ++t) sources.step(network, t);
  const arma::Col<T> expected = network.weight_matrix(0) * (arma::Col<T>(values) * T(45)) -
                                network.weight_matrix(1) * arma::Col<T>(3, arma::fill::value(4)) -
                                T(60);
  // Rounding of 2^-24 x 90 mV in each step, of which a hundredth decays.
  CHECK(arma::abs(network.potential(2) - expected).max() < (sizeof(T) == 8 ? 1e-4 : 6e-4));
  CHECK(arma::abs(expected + T(60)).max() > 1);
  CHECK(network.spikes(0).empty());
  for (std::size_t t = 1500; t < 3000; ++t) sources.step(network, t);
  CHECK(arma::abs(network.potential(2) + T(60)).max() < 1e-4);
}

TEST_CASE("a network under a current goes on from its saved state with the same bits") {
  const SpikingSpec spec = driven();
  SpikingNetwork<float> network(spec, 3), other(spec, 3);
  network.inject(0, arma::fvec{1, 2, 3, 4, 5});
  for (int k = 0; k < 40; ++k) network.step({});
  StateWriter writer;
  network.save(writer);
  StateReader reader(writer.bytes());
  other.load(reader);
  for (int k = 0; k < 40; ++k) network.step({}), other.step({});
  CHECK(arma::all(network.potential(2) == other.potential(2)));
  CHECK(network.potential(2)[0] != -60);
}
