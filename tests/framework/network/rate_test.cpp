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

// A layer of rate units and the memory of one trial.
struct Course {
  Course(std::size_t n, std::size_t steps, const DynamicsSpec& dynamics,
         const std::string& activation = "tanh")
      : layer(n, {.type = activation}, dynamics, 1),
        start(n, 1, arma::fill::zeros),
        potential(n, steps),
        activity(n, steps + 1) {}

  void run(const arma::mat& J, const arma::mat& input) {
    potential = input;
    layer.run(J.memptr(), start.memptr(), {0, potential.n_cols}, potential, activity);
  }
  [[nodiscard]] arma::mat before() const { return activity.head_cols(potential.n_cols); }
  [[nodiscard]] arma::mat post() const { return activity.tail_cols(potential.n_cols); }

  RateDynamics<double> layer;
  arma::mat start, potential, activity;
};

DynamicsSpec rate(const std::string& integrator = "euler") {
  DynamicsSpec spec;
  spec.type = "rate";
  spec.integrator = integrator;
  return spec;
}

}  // namespace

TEST_CASE("a leaky unit under constant drive follows its closed form") {
  for (const std::string integrator : {"euler", "implicit", "exponential"}) {
    CAPTURE(integrator);
    Course course(1, 100, rate(integrator));
    course.start[0] = 2;
    course.run(arma::mat(1, 1, arma::fill::zeros), arma::mat(1, 100, arma::fill::value(0.5)));
    const double a = 1.0 / 30;
    const double factor = integrator == "euler"      ? 1 - a
                          : integrator == "implicit" ? 1 / (1 + a)
                                                     : std::exp(-a);
    CHECK(course.before()[0] == std::tanh(2.0));
    for (const std::size_t t : {0u, 9u, 99u}) {
      const double expected = 0.5 + 1.5 * std::pow(factor, static_cast<double>(t + 1));
      CHECK(course.potential(0, t) == doctest::Approx(expected).epsilon(1e-12));
      CHECK(course.post()(0, t) == doctest::Approx(std::tanh(expected)).epsilon(1e-12));
    }
  }
}

TEST_CASE("a trial equals scalar loops: drive from the step before, clamped units held") {
  const std::size_t n = 7, steps = 20;
  DynamicsSpec dynamics = rate();
  dynamics.clamped = {{1, 1.0}, {4, -1.0}};
  Course course(n, steps, dynamics);
  const arma::mat J = gaussian(n, n, "J"), input = gaussian(n, steps, "I");
  course.start = gaussian(n, 1, "x0", 0.1);
  course.run(J, input);
  std::vector<double> x(n), r(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = course.start[i];
  for (const auto& [unit, value] : dynamics.clamped) x[unit] = value;
  for (std::size_t i = 0; i < n; ++i) r[i] = std::tanh(x[i]);
  for (std::size_t t = 0; t < steps; ++t) {
    const std::vector<double> earlier = r;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(course.before()(i, t) == doctest::Approx(earlier[i]).epsilon(1e-12));
      double s = input(i, t);
      for (std::size_t j = 0; j < n; ++j) s += J(i, j) * earlier[j];
      x[i] += (-x[i] + s) / 30;
    }
    for (const auto& [unit, value] : dynamics.clamped) x[unit] = value;
    for (std::size_t i = 0; i < n; ++i) {
      r[i] = std::tanh(x[i]);
      CHECK(course.potential(i, t) == doctest::Approx(x[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients back through time are those of central differences, in J and in the input") {
  const std::size_t n = 5, steps = 40;
  for (const std::string integrator : {"euler", "implicit", "exponential"}) {
    CAPTURE(integrator);
    DynamicsSpec dynamics = rate(integrator);
    dynamics.tau = 5;
    dynamics.clamped = {{2, 1.0}};
    Course course(n, steps, dynamics);
    course.start = gaussian(n, 1, "x0", 0.1);
    arma::mat J = gaussian(n, n, "J", 1.5 / std::sqrt(5.0)), input = gaussian(n, steps, "I");
    const arma::mat weight = gaussian(n, steps, "L");
    const auto loss = [&] {
      course.run(J, input);
      return arma::accu(weight % course.post());
    };
    (void)loss();
    arma::mat grad_drive(n, steps);
    course.layer.vjp(J.memptr(), course.potential, course.activity, weight, grad_drive);
    const arma::mat grad_J = grad_drive * course.before().t();
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
  const auto refusal = [](const DynamicsSpec& spec, double dt, const char* activation = "tanh") {
    try {
      RateDynamics<double> layer(2, {.type = activation}, spec, dt);
    } catch (const Error& error) {
      return error.text();
    }
    return std::string();
  };
  CHECK(
      refusal(rate(), 60) ==
      "error[E503] the step is too long for the time constant\n  expected dt below 2 tau = 60 ms, "
      "found dt 60 ms\n  try: a smaller dt, or \"integrator\": \"exponential\"");
  CHECK(refusal(rate("exponential"), 60).empty());
  CHECK(refusal(rate("eular"), 1).find("did you mean 'euler'?") != std::string::npos);
  DynamicsSpec clamped = rate();
  clamped.clamped = {{2, 1.0}};
  CHECK(refusal(clamped, 1).find("unit 2 is clamped") != std::string::npos);
  CHECK(refusal(rate(), 1, "softmax").find("softmax") != std::string::npos);
  CHECK(refusal(rate(), 0).find("above 0 ms") != std::string::npos);
}

TEST_CASE("activity that diverges is named: which unit, which step") {
  Course course(2, 2000, rate(), "linear");
  course.start.ones();
  CHECK_THROWS_WITH_AS(course.run({{0, 0}, {0, 1e4}}, arma::mat(2, 2000, arma::fill::zeros)),
                       doctest::Contains("the potential of unit 1 became inf at step"), Error);
}
