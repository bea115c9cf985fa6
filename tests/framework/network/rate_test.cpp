// SPDX-License-Identifier: Apache-2.0
// Closed forms, a scalar loop and central differences are the oracles.
#include "network/rate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

using namespace deltaw;

namespace {

arma::mat gaussian(std::size_t rows, std::size_t cols, const char* purpose, double scale = 1) {
  Random random(3, purpose);
  arma::mat m(rows, cols);
  for (double& value : m) value = scale * random.normal();
  return m;
}

RateSpec units(std::size_t n, const std::string& integrator = "euler") {
  RateSpec spec;
  spec.units = n;
  spec.integrator = integrator;
  return spec;
}

}  // namespace

TEST_CASE("a leaky unit under constant drive follows its closed form") {
  for (const std::string integrator : {"euler", "implicit", "exponential"}) {
    CAPTURE(integrator);
    RateLayer<double> layer(units(1, integrator));
    RateTrial<double> trial(1, 100);
    trial.set_steps(100);
    trial.start()[0] = 2;
    const double J = 0;
    const arma::mat input(1, 100, arma::fill::value(0.5));
    layer.run(&J, input, trial);
    const double a = 1.0 / 30;
    const double factor = integrator == "euler"      ? 1 - a
                          : integrator == "implicit" ? 1 / (1 + a)
                                                     : std::exp(-a);
    for (const std::size_t t : {0u, 9u, 99u}) {
      const double expected = 0.5 + 1.5 * std::pow(factor, static_cast<double>(t + 1));
      CHECK(trial.x()(0, t) == doctest::Approx(expected).epsilon(1e-12));
      CHECK(trial.post()(0, t) == doctest::Approx(std::tanh(expected)).epsilon(1e-12));
    }
  }
}

TEST_CASE("a trial equals scalar loops: drive from the step before, clamped units held") {
  const std::size_t n = 7, steps = 20;
  RateSpec spec = units(n);
  spec.clamped = {{1, 1.0}, {4, -1.0}};
  RateLayer<double> layer(spec);
  RateTrial<double> trial(n, 30);
  trial.set_steps(steps);
  const arma::mat J = gaussian(n, n, "J"), input = gaussian(n, steps, "I");
  arma::mat start = trial.start();
  start = gaussian(n, 1, "x0", 0.1);
  std::vector<double> x(n), r(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = start[i];
  layer.run(J.memptr(), input, trial);
  for (const auto& [unit, value] : spec.clamped) x[unit] = value;
  for (std::size_t i = 0; i < n; ++i) r[i] = std::tanh(x[i]);
  for (std::size_t t = 0; t < steps; ++t) {
    const std::vector<double> before = r;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(trial.pre()(i, t) == doctest::Approx(before[i]).epsilon(1e-12));
      double s = input(i, t);
      for (std::size_t j = 0; j < n; ++j) s += J(i, j) * before[j];
      x[i] += (-x[i] + s) / 30;
    }
    for (const auto& [unit, value] : spec.clamped) x[unit] = value;
    for (std::size_t i = 0; i < n; ++i) {
      r[i] = std::tanh(x[i]);
      CHECK(trial.x()(i, t) == doctest::Approx(x[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients back through time are those of central differences, in J and in the input") {
  const std::size_t n = 5, steps = 40;
  for (const std::string integrator : {"euler", "implicit", "exponential"}) {
    CAPTURE(integrator);
    RateSpec spec = units(n, integrator);
    spec.tau = 5;
    spec.clamped = {{2, 1.0}};
    RateLayer<double> layer(spec);
    RateTrial<double> trial(n, steps);
    trial.set_steps(steps);
    arma::mat J = gaussian(n, n, "J", 1.5 / std::sqrt(5.0)), input = gaussian(n, steps, "I");
    const arma::mat weight = gaussian(n, steps, "L");
    const auto loss = [&] {
      arma::mat start = trial.start();
      start = gaussian(n, 1, "x0", 0.1);
      layer.run(J.memptr(), input, trial);
      return arma::accu(weight % trial.post());
    };
    (void)loss();
    arma::mat grad_drive(n, steps);
    layer.vjp(J.memptr(), trial, weight, grad_drive);
    const arma::mat grad_J = grad_drive * trial.pre().t();
    const double step = 1e-6;
    const auto difference = [&](double& value) {
      const double old = value;
      value = old + step;
      const double up = loss();
      value = old - step;
      const double down = loss();
      value = old;
      return (up - down) / (2 * step);
    };
    for (arma::uword i = 0; i < J.n_elem; ++i) {
      CHECK(std::abs(grad_J[i] - difference(J[i])) < 1e-7);
    }
    for (const arma::uword i : {0u, 12u, 57u, 199u}) {
      CHECK(std::abs(grad_drive[i] - difference(input[i])) < 1e-7);
    }
  }
}

TEST_CASE("what cannot be stepped is refused by name") {
  const auto refusal = [](const RateSpec& spec) {
    try {
      RateLayer<double> layer(spec);
    } catch (const Error& error) {
      return error.text();
    }
    return std::string();
  };
  RateSpec coarse = units(2);
  coarse.dt = 60;
  CHECK(
      refusal(coarse) ==
      "error[E503] the step is too long for the time constant\n  expected dt below 2 tau = 60 ms, "
      "found dt 60 ms\n  try: a smaller dt, or \"integrator\": \"exponential\"");
  coarse.integrator = "exponential";
  CHECK(refusal(coarse).empty());
  CHECK(refusal(units(2, "eular")).find("did you mean 'euler'?") != std::string::npos);
  RateSpec clamped = units(2);
  clamped.clamped = {{2, 1.0}};
  CHECK(refusal(clamped).find("unit 2 is clamped") != std::string::npos);
  RateSpec softmax = units(2);
  softmax.activation.type = "softmax";
  CHECK(refusal(softmax).find("softmax") != std::string::npos);
}

TEST_CASE("activity that diverges is named: which unit, which step") {
  RateSpec spec = units(2);
  spec.activation.type = "linear";
  RateLayer<float> layer(spec);
  RateTrial<float> trial(2, 200);
  trial.set_steps(200);
  const arma::fmat J = {{0, 0}, {0, 1e4f}};
  arma::fmat start = trial.start();
  start.fill(1);
  const arma::fmat input(2, 200, arma::fill::zeros);
  CHECK_THROWS_WITH_AS(layer.run(J.memptr(), input, trial),
                       doctest::Contains("the potential of unit 1 became inf at step"), Error);
}
