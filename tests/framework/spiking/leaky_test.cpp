// SPDX-License-Identifier: Apache-2.0
#include "spiking/leaky.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace deltaw;

namespace {

template <class T>
constexpr double tolerance = sizeof(T) == 8 ? 1e-12 : 2e-5;

template <class T>
void step(LeakyLayer<T>& layer) {
  layer.integrate();
  layer.reset();
}

LeakySpec one(const std::string& model, const std::string& integrator) {
  return {.model = model,
          .tau = 10,
          .rest = -60,
          .reset = -60,
          .threshold = 0,
          .excitatory_tau = 5,
          .inhibitory_tau = 2,
          .inhibitory_reversal = -80,
          .integrator = integrator};
}

struct Worked {
  const char* model;
  const char* integrator;
  double potential, excitatory, inhibitory;  // after one step of 1 ms from rest, e = 2, i = 0.5
};

}  // namespace

TEST_CASE_TEMPLATE("a step of each integrator is the one worked by hand", T, float, double) {
  // a = 0.1, s = 3.5, e E_e + i E_i = 2 x 60 - 0.5 x 20 = 110 mV above rest.
  const Worked cases[] = {
      {"conductance", "implicit", -60 + 11 / 1.35, 2 * 0.818730753077982, 0.5 * 0.606530659712633},
      {"conductance", "exponential", -60 + 110 / 3.5 * 0.295311910281287, 2 * 0.818730753077982,
       0.5 * 0.606530659712633},
      {"conductance", "euler", -49, 1.6, 0.25},
      {"current", "implicit", -60 + 0.15 / 1.1, 2 * 0.818730753077982, 0.5 * 0.606530659712633},
      // The integrals of both currents: 5 / (5 - 10) (exp(-0.2) - exp(-0.1)) = 0.086106665 and
      // 2 / (2 - 10) (exp(-0.5) - exp(-0.1)) = 0.074576690.
      {"current", "exponential", -60 + 2 * 0.0861066649579777 - 0.5 * 0.0745766895808316,
       2 * 0.818730753077982, 0.5 * 0.606530659712633},
      {"current", "euler", -59.85, 1.6, 0.25}};
  for (const Worked& c : cases) {
    CAPTURE(c.model);
    CAPTURE(c.integrator);
    LeakyLayer<T> layer(one(c.model, c.integrator), 3, 1);
    layer.excitatory()[1] = 2;
    layer.inhibitory()[1] = T(0.5);
    step(layer);
    CHECK(std::abs(static_cast<double>(layer.potential()[1]) - c.potential) < tolerance<T>);
    CHECK(std::abs(static_cast<double>(layer.excitatory_input()[1]) - c.excitatory) < 1e-6);
    CHECK(std::abs(static_cast<double>(layer.inhibitory_input()[1]) - c.inhibitory) < 1e-6);
    CHECK(layer.potential()[0] == -60);
    CHECK(layer.potential()[2] == -60);
  }
}

TEST_CASE("a synapse as slow as the membrane has an exact step, too") {
  LeakySpec spec = one("current", "exponential");
  spec.excitatory_tau = spec.tau;
  LeakyLayer<double> layer(spec, 1, 1);
  layer.excitatory()[0] = 3;
  step(layer);
  CHECK(layer.potential()[0] == doctest::Approx(-60 + 3 * 0.1 * std::exp(-0.1)).epsilon(1e-14));
}

namespace {

// tau dv/dt = (rest - v) + e (0 - v), e = 1.5 exp(-t / 5), by the classical Runge-Kutta method.
double potential_at(double end) {
  const auto slope = [](double t, double v) {
    return ((-60 - v) + 1.5 * std::exp(-t / 5) * (0 - v)) / 10;
  };
  double v = -60;
  const int steps = 20000;
  const double h = end / steps;
  for (int k = 0; k < steps; ++k) {
    const double t = k * h, a = slope(t, v), b = slope(t + h / 2, v + h / 2 * a),
                 c = slope(t + h / 2, v + h / 2 * b), d = slope(t + h, v + h * c);
    v += h / 6 * (a + 2 * b + 2 * c + d);
  }
  return v;
}

double error_at(const std::string& integrator, double dt) {
  LeakyLayer<double> layer(one("conductance", integrator), 1, dt);
  layer.excitatory()[0] = 1.5;
  for (int k = 0; k < std::lround(12 / dt); ++k) step(layer);
  return std::abs(layer.potential()[0] - potential_at(12));
}

}  // namespace

TEST_CASE("every integrator goes to the solution as dt, halved, halves its error") {
  for (const char* integrator : {"implicit", "exponential", "euler"}) {
    CAPTURE(integrator);
    const double coarse = error_at(integrator, 0.1), fine = error_at(integrator, 0.05);
    CHECK(fine < 0.1);
    CHECK(coarse / fine == doctest::Approx(2).epsilon(0.03));
  }
}

TEST_CASE("an exact step of currents does not depend on dt") {
  const auto potential = [](double dt) {
    LeakyLayer<double> layer(one("current", "exponential"), 1, dt);
    layer.excitatory()[0] = 7;
    layer.inhibitory()[0] = 4;
    for (int k = 0; k < std::lround(8 / dt); ++k) step(layer);
    return layer.potential()[0];
  };
  CHECK(potential(2) == doctest::Approx(potential(0.05)).epsilon(1e-13));
}

namespace {

template <class T>
std::vector<int> spike_steps(LeakyLayer<T>& layer, int steps) {
  std::vector<int> found;
  for (int n = 0; n < steps; ++n) {
    step(layer);
    if (!layer.spikes().empty()) found.push_back(n);
  }
  return found;
}

LeakySpec driven(const std::string& integrator, double current, double refractory) {
  return {.tau = 20,
          .rest = -65,
          .reset = -68,
          .threshold = -50,
          .refractory = refractory,
          .current = current,
          .integrator = integrator};
}

}  // namespace

TEST_CASE_TEMPLATE("a constant current gives the closed form's rate, to a step an interval", T,
                   float, double) {
  const double dt = 0.1, refractory = 3;
  for (const double current : {15.5, 17.0, 21.0, 40.0, 150.0}) {
    CAPTURE(current);
    // From reset to threshold, tau ln((rest + I - reset) / (rest + I - threshold)).
    const double rise = 20 * std::log((current + 3) / (current - 15));
    LeakyLayer<T> exact(driven("exponential", current, refractory), 1, dt);
    const std::vector<int> spikes = spike_steps(exact, 20000);
    REQUIRE(spikes.size() > 10);
    for (std::size_t k = 1; k < spikes.size(); ++k) {
      const double interval = dt * (spikes[k] - spikes[k - 1]);
      CHECK(interval == doctest::Approx(std::ceil(rise / dt) * dt + refractory - dt).epsilon(1e-9));
      CHECK(std::abs(interval - (rise + refractory)) <= dt);
    }
    // Implicit: v after n steps is v_inf + (reset - v_inf) / (1 + dt / tau)^n.
    LeakyLayer<T> implicit(driven("implicit", current, refractory), 1, dt);
    const double steps = std::ceil(std::log((current + 3) / (current - 15)) / std::log1p(dt / 20));
    const std::vector<int> slower = spike_steps(implicit, 20000);
    for (std::size_t k = 1; k < slower.size(); ++k) {
      CHECK(slower[k] - slower[k - 1] == steps + 29);
    }
  }
}

TEST_CASE("a current that does not reach the threshold never spikes") {
  LeakyLayer<double> layer(driven("implicit", 15, 0), 1, 0.1);
  CHECK(spike_steps(layer, 20000).empty());
  CHECK(layer.potential()[0] == doctest::Approx(-50).epsilon(1e-6));
}

TEST_CASE("v stands for the refractory period, while inputs decay, and spikes come no earlier") {
  LeakySpec spec = one("conductance", "implicit");
  spec.threshold = -50;
  spec.refractory = 4;
  LeakyLayer<double> layer(spec, 1, 1);
  layer.excitatory()[0] = 50;
  step(layer);
  REQUIRE(layer.spikes().size() == 1);
  CHECK(layer.potential()[0] == -60);
  for (int n = 1; n < 4; ++n) {
    layer.excitatory()[0] = 50;
    step(layer);
    CHECK(layer.spikes().empty());
    CHECK(layer.potential()[0] == -60);
    CHECK(layer.excitatory_input()[0] == doctest::Approx(50 * std::exp(-0.2)));
  }
  layer.excitatory()[0] = 50;
  step(layer);
  CHECK(layer.spikes().size() == 1);
}

TEST_CASE("counters that start again every 65536 steps leave the intervals as they are") {
  LeakyLayer<double> layer(driven("exponential", 150, 11), 1, 0.1);
  const std::vector<int> spikes = spike_steps(layer, 300000);
  for (std::size_t k = 2; k < spikes.size(); ++k) {
    REQUIRE(spikes[k] - spikes[k - 1] == spikes[1] - spikes[0]);
  }
}
