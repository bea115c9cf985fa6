// SPDX-License-Identifier: Apache-2.0
// Trials: noise at few steps or at all, one reward or one a step, against loops over time and
// against the gradient of a network of rate units.
#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "node-perturbation.cpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr arma::uword outputs = 5, inputs = 4, steps = 200;

template <class T>
using Rule = Probe<NodePerturbation, T>;

struct Settings {
  bool has_baseline = true, is_normalised = true, is_scaled = false;
};

std::vector<Parameter> parameters(const Settings& s) {
  return {{"baseline", s.has_baseline},
          {"normalise", s.is_normalised},
          {"scale_by_expected", s.is_scaled}};
}

struct Kind {
  double density;  // share of the steps at which a unit is perturbed
  bool has_one_reward;
};

template <class T>
struct Trial {
  Trial(Kind kind, std::uint64_t seed)
      : pre(arma::tanh(wander<T>(inputs, steps, seed))),
        noise(normal<T>(outputs, steps, seed + 1000)),
        reward(-arma::abs(normal<T>(1, kind.has_one_reward ? 1 : steps, seed + 2000))),
        baseline(-arma::abs(normal<T>(1, reward.n_elem, seed + 3000))) {
    Draws draws(seed, 1, 0);
    for (T& xi : noise) xi = draws.uniform() < kind.density ? xi * T(0.3) : T(0);
    noise.tail_cols(1).zeros();  // so that there is a step after the last perturbed one
    for (arma::uword t = 0; t + 1 < reward.n_elem; t += 3) reward[t] = baseline[t] = NAN;
  }
  arma::Mat<T> pre, noise, reward, baseline;
};

enum class Wrong { nothing, reversed, mean_over_steps, later_pre };

// Step by step, synapse by synapse.
class Reference {
 public:
  explicit Reference(Settings settings, Wrong wrong = Wrong::nothing)
      : settings_(settings), wrong_(wrong) {}

  template <class T>
  arma::mat operator()(const Trial<T>& trial) {
    for (arma::uword t = 0; t < steps; ++t) {
      ++seen_;
      for (arma::uword i = 0; i < outputs; ++i) {
        const double xi = trial.noise(i, t);
        squares_[i] += xi * xi;
        draws_[i] += xi != 0;
      }
    }
    arma::mat change(outputs, inputs, arma::fill::zeros);
    for (arma::uword t = 0; t + 1 < steps; ++t) {
      const arma::uword k = trial.reward.n_elem == 1 ? 0 : t;
      if (std::isnan(trial.reward[k])) continue;
      double advantage = trial.reward[k];
      if (settings_.has_baseline) advantage -= trial.baseline[k];
      if (settings_.is_scaled) advantage *= std::abs(double(trial.baseline[k]));
      if (wrong_ == Wrong::reversed) advantage = -advantage;
      if (wrong_ == Wrong::mean_over_steps) advantage /= steps;
      for (arma::uword i = 0; i < outputs; ++i) {
        double variance = 1;
        if (settings_.is_normalised) {
          if (draws_[i] < 8) continue;
          variance = squares_[i] / seen_;
        }
        for (arma::uword j = 0; j < inputs; ++j) {
          const arma::uword at = wrong_ == Wrong::later_pre ? t + 1 : t;
          change(i, j) += advantage * trial.noise(i, t) * trial.pre(j, at) / variance;
        }
      }
    }
    return change;
  }

 private:
  Settings settings_;
  Wrong wrong_;
  double seen_ = 0, squares_[outputs] = {}, draws_[outputs] = {};
};

template <class T>
Rule<T>& show(Rule<T>& rule, const Trial<T>& trial) {
  rule.set(deltaw::pre, trial.pre).set(deltaw::perturbation, trial.noise);
  rule.set(deltaw::reward, trial.reward).set(deltaw::baseline, trial.baseline);
  return rule.set_time(0, 1);
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;

}  // namespace

TEST_CASE_TEMPLATE("five trials equal the loops, for noise that is rare and dense", T, float,
                   double) {
  const Settings all[] = {
      {true, true, false}, {true, false, false}, {true, false, true}, {false, true, true}};
  const Kind kinds[] = {{0.01, true}, {0.01, false}, {1, true}, {1, false}};
  for (const Settings& settings : all) {
    for (const Kind& kind : kinds) {
      CAPTURE(kind.density);
      Rule<T> rule(parameters(settings), outputs, inputs);
      Reference reference(settings);
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Trial<T> trial(kind, seed);
        const arma::mat expected = reference(trial);
        CHECK(largest_difference(show(rule, trial).update(), expected) < tolerance<T>);
        if (seed == 5) CHECK(arma::abs(expected).max() > 1e-3);
      }
    }
  }
}

TEST_CASE("wrong signs, scales and times are far from the rule") {
  const auto difference = [](Wrong wrong) {
    const Settings settings{true, false, false};
    Rule<double> rule(parameters(settings), outputs, inputs);
    Reference reference(settings, wrong);
    const Trial<double> trial({0.01, true}, 1);
    return largest_difference(show(rule, trial).update(), reference(trial));
  };
  CHECK(difference(Wrong::nothing) < 1e-10);
  CHECK(difference(Wrong::reversed) > 1.5);
  CHECK(difference(Wrong::mean_over_steps) > 0.9);
  CHECK(difference(Wrong::later_pre) > 0.01);
}

TEST_CASE("the mean of many trials is minus the gradient of the loss through time") {
  // x(t) = (1 - a) x(t-1) + a (W r(t-1) + u + ξ(t)), r = tanh x, loss = |r(T) - target|² / 2.
  constexpr arma::uword units = 3, length = 20;
  const double a = 0.2;
  const arma::mat w = normal<double>(units, units, 1);
  const arma::vec u = normal<double>(units, 1, 2), target = normal<double>(units, 1, 3);
  arma::mat pre(units, length);
  const auto loss = [&](const arma::mat& weights, const arma::mat& noise) {
    arma::vec x = 0.1 * arma::ones(units);
    for (arma::uword t = 0; t < length; ++t) {
      pre.col(t) = arma::tanh(x);
      x = (1 - a) * x + a * (weights * pre.col(t) + u + noise.col(t));
    }
    return arma::accu(arma::square(arma::tanh(x) - target)) / 2;
  };
  const arma::mat quiet(units, length, arma::fill::zeros);
  arma::mat descent(units, units);
  for (arma::uword k = 0; k < w.n_elem; ++k) {
    arma::mat up = w, down = w;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    descent[k] = (loss(down, quiet) - loss(up, quiet)) / 2e-5;
  }
  const double expected = -loss(w, quiet);
  Rule<double> rule(parameters({}), units, units, length);
  arma::mat sum(units, units, arma::fill::zeros);
  const int trials = 40000;
  for (int k = 0; k < trials; ++k) {
    Draws draws(7, 0, static_cast<std::uint64_t>(k));
    arma::mat noise = quiet;
    for (double& xi : noise) {
      if (draws.uniform() < 0.05) xi = 1e-3 * (draws.uniform() - 0.5);
    }
    const double reward = -loss(w, noise);
    rule.set(deltaw::pre, pre).set(deltaw::perturbation, noise);
    rule.set(deltaw::reward, arma::mat{reward}).set(deltaw::baseline, arma::mat{expected});
    sum += rule.set_time(0, 1).update();
  }
  CHECK(arma::norm_dot(arma::vectorise(sum), arma::vectorise(descent)) > 0.99);
  CHECK(arma::norm(sum, "fro") / trials / arma::norm(descent, "fro") ==
        doctest::Approx(1).epsilon(0.05));
}

TEST_CASE_TEMPLATE("what was measured of rare noise is saved and resumed to the bit", T, float,
                   double) {
  Rule<T> rule(parameters({}), outputs, inputs), resumed(parameters({}), outputs, inputs);
  const Kind kind{0.05, true};
  for (std::uint64_t seed = 1; seed <= 3; ++seed) show(rule, Trial<T>(kind, seed)).update();
  resumed.load(rule.save());
  const Trial<T> next(kind, 4);
  const arma::Mat<T> change = show(rule, next).update();
  CHECK(arma::approx_equal(change, show(resumed, next).update(), "absdiff", T(0)));
  CHECK(arma::abs(change).max() > 0);
  CHECK(rule.save() == resumed.save());
}

TEST_CASE("a quiet trial changes nothing; quiet ones only are an error") {
  Rule<double> rule(parameters({}), outputs, inputs);
  const Trial<double> quiet({0, true}, 1);
  CHECK(arma::norm(show(rule, quiet).update()) == 0);
  const auto many = [&] {
    for (int k = 0; k < 100; ++k) rule.update();
  };
  CHECK_THROWS_WITH_AS(many(), doctest::Contains("needs an amplitude above 0"), Failure);
}

TEST_CASE("rewards of another shape are named") {
  Rule<float> rule(parameters({}), outputs, inputs);
  show(rule, Trial<float>({0.01, true}, 1)).set(deltaw::reward, arma::fmat(1, 7));
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("one for a whole trial"), Failure);
}
