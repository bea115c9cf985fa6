// SPDX-License-Identifier: Apache-2.0
#include "e-prop.cpp"

#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr arma::uword outputs = 5, inputs = 4, steps = 120;
constexpr double dt = 2;

template <class T>
using Rule = Probe<EProp, T>;

// The learning signal is 0 before step 70, and of unit 1 everywhere.
template <class T>
struct Trial {
  explicit Trial(std::uint64_t seed)
      : pre(arma::tanh(wander<T>(inputs, steps, seed))),
        derivative(arma::square(wander<T>(outputs, steps, seed + 1000))),
        signal(normal<T>(outputs, steps, seed + 2000)) {
    signal.head_cols(70).zeros();
    signal.row(1).zeros();
  }
  arma::Mat<T> pre, derivative, signal;
};

enum class Wrong { nothing, reversed, trace_before_input, derivative_in_trace, mean_over_steps };

// Synapse by synapse, step by step; `share` is dt / tau.
template <class T>
arma::mat loops(const Trial<T>& trial, double share, Wrong wrong = Wrong::nothing) {
  arma::mat change(outputs, inputs, arma::fill::zeros);
  for (arma::uword i = 0; i < outputs; ++i) {
    for (arma::uword j = 0; j < inputs; ++j) {
      double trace = 0;
      for (arma::uword t = 0; t < steps; ++t) {
        const double slope = trial.derivative(i, t), before = trace;
        const double seen = wrong == Wrong::derivative_in_trace ? slope : 1;
        trace = (1 - share) * trace + share * seen * trial.pre(j, t);
        const double used = wrong == Wrong::trace_before_input ? before : trace;
        const double outside = wrong == Wrong::derivative_in_trace ? 1 : slope;
        change(i, j) += trial.signal(i, t) * outside * used;
      }
      if (wrong == Wrong::reversed) change(i, j) = -change(i, j);
      if (wrong == Wrong::mean_over_steps) change(i, j) /= steps;
    }
  }
  return change;
}

template <class T>
Rule<T>& show(Rule<T>& rule, const Trial<T>& trial, double step_ms = dt) {
  rule.set(deltaw::pre, trial.pre).set(deltaw::derivative, trial.derivative);
  return rule.set(deltaw::learning_signal, trial.signal).set_time(0, step_ms);
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;

}  // namespace

TEST_CASE_TEMPLATE("every trial equals the loops, and begins with an empty trace", T, float,
                   double) {
  for (const double tau : {30.0, 2.0}) {
    Rule<T> rule({{"tau", tau}}, outputs, inputs);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Trial<T> trial(seed);
      const arma::Mat<T> change = show(rule, trial).update();
      CHECK(largest_difference(change, loops(trial, dt / tau)) < tolerance<T>);
      CHECK(arma::norm(change.row(1)) == 0);
    }
  }
}

TEST_CASE("wrong signs, orders and scales are far from the rule") {
  const Trial<double> trial(1);
  Rule<double> rule({{"tau", 30.0}}, outputs, inputs);
  const arma::mat change = show(rule, trial).update();
  const auto difference = [&](Wrong wrong) {
    return largest_difference(change, loops(trial, dt / 30, wrong));
  };
  CHECK(difference(Wrong::nothing) < 1e-10);
  CHECK(difference(Wrong::reversed) > 1.5);
  CHECK(difference(Wrong::trace_before_input) > 1e-3);
  CHECK(difference(Wrong::derivative_in_trace) > 0.1);
  CHECK(difference(Wrong::mean_over_steps) > 0.9);
}

TEST_CASE("without recurrent weights it is minus the gradient through time") {
  // x(t) = (1 - a) x(t-1) + a W u(t-1), r = tanh x, loss = Σ |r(t) - y(t)|² / 2 from step 20 on.
  constexpr arma::uword length = 40;
  const double tau = 15, a = dt / tau;
  const arma::mat w = normal<double>(outputs, inputs, 1), u = normal<double>(inputs, length, 2);
  const arma::mat y = normal<double>(outputs, length, 3);
  arma::mat derivative(outputs, length), signal(outputs, length);
  const auto loss = [&](const arma::mat& weights) {
    arma::vec x(outputs, arma::fill::zeros);
    double sum = 0;
    signal.zeros();
    for (arma::uword t = 0; t < length; ++t) {
      x = (1 - a) * x + a * weights * u.col(t);
      const arma::vec r = arma::tanh(x);
      derivative.col(t) = 1 - r % r;
      if (t < 20) continue;
      signal.col(t) = y.col(t) - r;
      sum += arma::accu(arma::square(signal.col(t))) / 2;
    }
    return sum;
  };
  arma::mat descent(outputs, inputs);
  for (arma::uword k = 0; k < w.n_elem; ++k) {
    arma::mat up = w, down = w;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    descent[k] = (loss(down) - loss(up)) / 2e-5;
  }
  loss(w);
  Rule<double> rule({{"tau", tau}}, outputs, inputs);
  rule.set(deltaw::pre, u).set(deltaw::derivative, derivative);
  rule.set(deltaw::learning_signal, signal).set_time(0, dt);
  CHECK(largest_difference(rule.update(), descent) < 1e-7);
}

TEST_CASE_TEMPLATE("in a static network it is the mean of L f' pre, without a trace", T, float,
                   double) {
  const Trial<T> trial(1);
  Rule<T> rule({{"tau", 30.0}}, outputs, inputs);
  const arma::mat expected = loops(trial, 1) / double(steps);
  CHECK(largest_difference(show(rule, trial, 0).update(), expected) < tolerance<T>);
}

TEST_CASE("a trial without a learning signal changes nothing") {
  Trial<double> trial(1);
  trial.signal.zeros();
  Rule<double> rule({{"tau", 30.0}}, outputs, inputs);
  CHECK(arma::norm(show(rule, trial).update()) == 0);
}

TEST_CASE("steps longer than the time constant are refused with what to set") {
  Rule<float> rule({{"tau", 1.0}}, outputs, inputs);
  show(rule, Trial<float>(1));
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("\"tau\" >= dt"), Failure);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  CHECK(count_update_allocations<EProp, T>({parameter("tau", 30.0)}, {Rewards::each, 1}) == 0);
  CHECK(count_update_allocations<EProp, T>({parameter("tau", 30.0)}) == 0);
}
