// SPDX-License-Identifier: Apache-2.0
// Adaptive thresholds, input at once, and units at rest.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "spiking/leaky.hpp"

using namespace deltaw;

namespace {

template <class T>
void step(LeakyLayer<T>& layer) {
  layer.integrate();
  layer.reset();
}

const LeakySpec k_adaptive = {.tau = 10,
                              .rest = -65,
                              .reset = -65,
                              .threshold = -50,
                              .current = 30,
                              .theta = 3,
                              .theta_increment = 2,
                              .theta_tau = 40,
                              .theta_offset = 1};

}  // namespace

TEST_CASE_TEMPLATE("theta grows at own spikes, decays in between, and moves the threshold", T,
                   float, double) {
  LeakyLayer<T> layer(k_adaptive, 2, 0.5);
  double theta = 3, v = -65;
  std::size_t spikes = 0;
  for (int n = 0; n < 2000; ++n) {
    step(layer);
    theta *= std::exp(-0.5 / 40);
    v = (v + 0.05 * -35) / 1.05;
    const bool is_spike = v > -50 + theta - 1;
    REQUIRE(layer.spikes().size() == (is_spike ? 2 : 0));
    if (is_spike) {
      ++spikes;
      theta += 2;
      v = -65;
    }
    CHECK(static_cast<double>(layer.theta()[1]) == doctest::Approx(theta).epsilon(1e-5));
  }
  CHECK(spikes > 20);
}

TEST_CASE("a decay of 5e-8 a step is not lost in float32") {
  LeakySpec spec = k_adaptive;
  spec.current = 0;
  spec.theta = 20;
  spec.theta_tau = 1e7;
  LeakyLayer<float> layer(spec, 1, 0.5);
  for (int n = 0; n < 100000; ++n) step(layer);
  CHECK(layer.theta()[0] == doctest::Approx(20 * std::exp(-0.005)).epsilon(1e-6));
}

TEST_CASE("theta that is held neither grows nor decays, and goes on after") {
  LeakyLayer<double> layer(k_adaptive, 1, 0.5);
  for (int n = 0; n < 300; ++n) step(layer);
  const double before = layer.theta()[0];
  layer.hold_theta(true);
  std::size_t spikes = 0;
  for (int n = 0; n < 300; ++n) {
    step(layer);
    spikes += layer.spikes().size();
    CHECK(layer.theta()[0] == before);
  }
  CHECK(spikes > 5);
  layer.hold_theta(false);
  step(layer);
  CHECK(layer.theta()[0] != before);
}

TEST_CASE("with a synaptic tau of 0 input moves v at once, but not where it is refractory") {
  LeakySpec spec = {.tau = 10,
                    .rest = -65,
                    .reset = -65,
                    .threshold = -50,
                    .refractory = 3,
                    .excitatory_tau = 0,
                    .inhibitory_tau = 0,
                    .integrator = "euler"};
  LeakyLayer<double> layer(spec, 3, 1);
  layer.integrate();
  layer.wake_all();
  layer.excitatory()[0] += 4;
  layer.inhibitory()[1] += 3;
  layer.excitatory()[2] += 20;
  layer.reset();
  CHECK(layer.potential()[0] == -61);
  CHECK(layer.potential()[1] == -68);
  CHECK(layer.potential()[2] == -45);
  CHECK(layer.excitatory_input()[0] == 0);

  layer.integrate();  // unit 2 decays to -47 and spikes
  REQUIRE(layer.spikes().size() == 1);
  for (int k = 0; k < 3; ++k) {
    layer.excitatory()[2] += 20;
    layer.reset();
    CHECK(layer.potential()[2] == -65);
    layer.integrate();
  }
  layer.excitatory()[2] += 20;
  layer.reset();
  CHECK(layer.potential()[2] == -45);
  CHECK(layer.potential()[0] == doctest::Approx(-65 + 4 * std::pow(0.9, 4)));
}

namespace {

const LeakySpec k_inhibitory = {.model = "conductance",
                                .tau = 10,
                                .rest = -60,
                                .reset = -45,
                                .threshold = -40,
                                .refractory = 2,
                                .initial = -100,
                                .excitatory_tau = 1,
                                .inhibitory_tau = 2,
                                .inhibitory_reversal = -85};

// The bits of v and spikes over time, with now and then a spike that arrives at one unit.
template <class T>
std::vector<T> course(const LeakySpec& spec, bool keeps_awake, std::size_t& least_awake) {
  const std::size_t units = 200;
  LeakyLayer<T> layer(spec, units, 0.5);
  Random random(7, "arrivals");
  std::vector<T> bits;
  for (int n = 0; n < 3000; ++n) {
    if (keeps_awake) layer.wake_all();
    layer.integrate();
    if (random.uniform() < 0.005) {
      const std::size_t unit = random.below(units);
      layer.wake(unit);
      layer.excitatory()[unit] += T(10.4);
    }
    layer.reset();
    const arma::Col<T> v = layer.potential();
    bits.insert(bits.end(), v.begin(), v.end());
    bits.insert(bits.end(), layer.spikes().begin(), layer.spikes().end());
    least_awake = std::min(least_awake, layer.blocks_awake());
  }
  return bits;
}

}  // namespace

TEST_CASE_TEMPLATE("what rests costs nothing and changes no bit", T, float, double) {
  for (const char* integrator : {"implicit", "exponential", "euler"}) {
    CAPTURE(integrator);
    LeakySpec spec = k_inhibitory;
    spec.integrator = integrator;
    std::size_t least_awake = 99;
    const std::vector<T> skipped = course<T>(spec, false, least_awake);
    CHECK(least_awake == 0);
    CHECK(skipped == course<T>(spec, true, least_awake));
  }
}

TEST_CASE("a unit that a falling threshold may wake does not sleep") {
  // At rest v stays at -60; the threshold falls from -40 towards -70.
  LeakySpec spec = k_inhibitory;
  spec.initial = -60;
  spec.reset = -80;
  spec.threshold = -40;
  spec.theta = 30;
  spec.theta_offset = 30;
  spec.theta_tau = 1000;
  LeakyLayer<double> layer(spec, 1, 0.5);
  int first = -1;
  for (int n = 0; n < 4000 && first < 0; ++n) {
    step(layer);
    if (!layer.spikes().empty()) first = n;
  }
  // 30 exp(-t / 1000) < 10 from t = 1098.6 ms on; the first step ends at 0.5 ms.
  CHECK(first == 2197);
}

TEST_CASE_TEMPLATE("v at its threshold is no spike, v above it is one", T, float, double) {
  const LeakySpec spec = {.tau = 2,
                          .rest = -64,
                          .reset = -64,
                          .threshold = -56,
                          .excitatory_tau = 0,
                          .integrator = "euler"};
  LeakyLayer<T> layer(spec, 2, 1);
  layer.integrate();
  layer.wake_all();
  layer.excitatory()[0] = 16;
  layer.excitatory()[1] = T(16.001);
  layer.reset();
  layer.integrate();  // halves the distance from rest
  CHECK(layer.potential()[0] == -56);
  REQUIRE(layer.spikes().size() == 1);
  CHECK(layer.spikes()[0] == 1);
}
