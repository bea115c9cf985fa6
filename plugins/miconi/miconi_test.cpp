// SPDX-License-Identifier: Apache-2.0
#include "miconi.cpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr arma::uword outputs = 5, inputs = 4, steps = 120;

template <class T>
using Rule = Probe<Miconi, T>;

struct Settings {
  double mean = 0.05, exponent = 3;
  std::int64_t skip = 3;
  bool is_scaled = true;
};

std::vector<Parameter> parameters(const Settings& s) {
  return {{"mean", s.mean},
          {"exponent", s.exponent},
          {"skip", s.skip},
          {"scale_by_expected", s.is_scaled}};
}

template <class T>
struct Trial {
  explicit Trial(std::uint64_t seed)
      : pre(arma::tanh(wander<T>(inputs, steps, seed))),
        potential(wander<T>(outputs, steps, seed + 1000)),
        reward(static_cast<T>(-0.2 - 0.1 * static_cast<double>(seed % 3))),
        baseline(T(-0.35)) {}
  arma::Mat<T> pre, potential;
  T reward, baseline;
};

enum class Wrong { nothing, mean_before_difference, signed_expected, reversed, mean_reset };

// The paper's program: step by step, synapse by synapse, the product of both to the power.
class Reference {
 public:
  explicit Reference(Settings settings, Wrong wrong = Wrong::nothing)
      : settings_(settings), wrong_(wrong), mean_(outputs, arma::fill::zeros) {}

  template <class T>
  arma::mat operator()(const Trial<T>& trial) {
    arma::mat trace(outputs, inputs, arma::fill::zeros);
    if (wrong_ == Wrong::mean_reset) mean_.zeros();
    for (arma::uword t = 0; t < steps; ++t) {
      for (arma::uword i = 0; i < outputs; ++i) {
        const double x = trial.potential(i, t);
        double difference = x - mean_[i];
        mean_[i] = settings_.mean * mean_[i] + (1 - settings_.mean) * x;
        if (wrong_ == Wrong::mean_before_difference) difference = x - mean_[i];
        if (static_cast<std::int64_t>(t) < settings_.skip) continue;
        for (arma::uword j = 0; j < inputs; ++j) {
          const double z = trial.pre(j, t) * difference;
          trace(i, j) += (z < 0 ? -1 : 1) * std::pow(std::abs(z), settings_.exponent);
        }
      }
    }
    double expected = settings_.is_scaled ? std::abs(double(trial.baseline)) : 1;
    if (wrong_ == Wrong::signed_expected) expected = trial.baseline;
    const double advantage = double(trial.reward) - double(trial.baseline);
    return (wrong_ == Wrong::reversed ? -1 : 1) * expected * advantage * trace;
  }

 private:
  Settings settings_;
  Wrong wrong_;
  arma::vec mean_;
};

// Sets the columns first .. last, and the reward of the whole trial.
template <class T>
Rule<T>& show(Rule<T>& rule, const Trial<T>& trial, arma::uword first = 0,
              arma::uword last = steps - 1) {
  rule.set(deltaw::pre, trial.pre.cols(first, last));
  rule.set(deltaw::potential, trial.potential.cols(first, last));
  rule.set(deltaw::reward, arma::Mat<T>{trial.reward});
  rule.set(deltaw::baseline, arma::Mat<T>{trial.baseline});
  return rule.set_time(first, 1);
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 3e-5 : 1e-10;

}  // namespace

TEST_CASE("one jump that paid, worked by hand") {
  // x jumps from 0 to 0.4 at step 5 and stays: d = 0.4, then 0.05 * 0.4 = 0.02, 0.001 ...
  // R - Rb = 0.3, |Rb| = 0.5: ΔW = 0.15 * 0.5³ (0.4³ + 0.02³ + 0.001³) = 0.001200150019
  Rule<double> rule(parameters({}), 1, 1);
  arma::mat x(1, 8, arma::fill::zeros);
  x.tail_cols(3).fill(0.4);
  rule.set(deltaw::pre, arma::mat(1, 8, arma::fill::value(0.5))).set(deltaw::potential, x);
  rule.set(deltaw::reward, arma::mat{-0.2}).set(deltaw::baseline, arma::mat{-0.5});
  CHECK(rule.set_time(0, 1).update()[0] == doctest::Approx(0.00120015001875).epsilon(1e-12));
}

TEST_CASE_TEMPLATE("three trials equal the paper's loops, for every shape S", T, float, double) {
  for (const double exponent : {3.0, 2.0, 1.0, 0.5, 1.7}) {
    for (const bool is_scaled : {true, false}) {
      CAPTURE(exponent);
      CAPTURE(is_scaled);
      const Settings settings{0.05, exponent, 3, is_scaled};
      Rule<T> rule(parameters(settings), outputs, inputs);
      Reference reference(settings);
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Trial<T> trial(seed);
        // sqrt is steep at 0, where a float's d is noise
        const double allowed = exponent < 1 ? 50 * tolerance<T> : tolerance<T>;
        CHECK(largest_difference(show(rule, trial).update(), reference(trial)) < allowed);
      }
    }
  }
}

TEST_CASE("parameters mean and skip are the loops' own") {
  for (const Settings settings : {Settings{0.5, 3, 0, true}, Settings{0, 2, 50, true}}) {
    Rule<double> rule(parameters(settings), outputs, inputs);
    Reference reference(settings);
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const Trial<double> trial(seed);
      CHECK(largest_difference(show(rule, trial).update(), reference(trial)) < 1e-10);
    }
  }
}

TEST_CASE("wrong orders and signs are far from the rule") {
  const auto difference = [](Wrong wrong, std::int64_t skip) {
    const Settings settings{0.05, 3, skip, true};
    Rule<double> rule(parameters(settings), outputs, inputs);
    Reference reference(settings, wrong);
    show(rule, Trial<double>(1)).update();
    reference(Trial<double>(1));
    const Trial<double> second(2);
    return largest_difference(show(rule, second).update(), reference(second));
  };
  CHECK(difference(Wrong::nothing, 0) < 1e-10);
  CHECK(difference(Wrong::mean_before_difference, 3) > 0.99);  // 8000 times too small
  CHECK(difference(Wrong::signed_expected, 3) > 1.5);          // uphill
  CHECK(difference(Wrong::reversed, 3) > 1.5);
  CHECK(difference(Wrong::mean_reset, 0) > 1e-3);
}

TEST_CASE_TEMPLATE("linear, with mean 0, it is Bengio's S dV rule to the bit", T, float, double) {
  // Multiples of 1/64 below 1: every product and sum is exact, whatever its order.
  const auto rounded = [](arma::Mat<T> m) {
    m.transform([](T x) { return std::round(x * 64) / 64; });
    return m;
  };
  Trial<T> trial(4);
  trial.pre = rounded(trial.pre);
  trial.potential = rounded(trial.potential);
  trial.reward = 1;
  trial.baseline = 0;
  arma::Mat<T> expected(outputs, inputs, arma::fill::zeros);
  for (arma::uword t = 1; t < steps; ++t) {
    for (arma::uword i = 0; i < outputs; ++i) {
      for (arma::uword j = 0; j < inputs; ++j) {
        expected(i, j) += trial.pre(j, t) * (trial.potential(i, t) - trial.potential(i, t - 1));
      }
    }
  }
  Rule<T> rule(parameters({0, 1, 1, false}), outputs, inputs);
  CHECK(arma::approx_equal(show(rule, trial).update(), expected, "absdiff", T(0)));
  CHECK(arma::abs(expected).max() > T(0.01));
}

TEST_CASE_TEMPLATE("a trial in pieces gives the change of the whole", T, float, double) {
  Rule<T> whole(parameters({}), outputs, inputs), pieces(parameters({}), outputs, inputs);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Trial<T> trial(seed);
    const arma::Mat<T> expected = show(whole, trial).update();
    show(pieces, trial, 0, 1).observe();  // all of it skipped
    show(pieces, trial, 2, 69).observe();
    CHECK(largest_difference(show(pieces, trial, 70).update(), expected) < tolerance<T>);
  }
}

TEST_CASE("a trial that was broken off leaves nothing in the next one's trace") {
  Rule<double> rule(parameters({}), outputs, inputs);
  Reference reference({});
  const Trial<double> broken(1), next(2);
  show(rule, broken).observe();
  reference(broken);
  CHECK(largest_difference(show(rule, next).update(), reference(next)) < 1e-10);
}

TEST_CASE_TEMPLATE("the running mean is saved and resumed to the bit", T, float, double) {
  Rule<T> rule(parameters({}), outputs, inputs), resumed(parameters({}), outputs, inputs);
  show(rule, Trial<T>(1)).update();
  resumed.load(rule.save());
  const Trial<T> next(2);
  CHECK(
      arma::approx_equal(show(rule, next).update(), show(resumed, next).update(), "absdiff", T(0)));
  CHECK(rule.save() == resumed.save());
}

TEST_CASE("a reward for each step is refused with what to set") {
  Rule<float> rule(parameters({}), outputs, inputs);
  show(rule, Trial<float>(1)).set(deltaw::reward, arma::fmat(1, steps, arma::fill::ones));
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("\"reward\": \"delayed\""), Failure);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  for (const double exponent : {0.5, 1.0, 3.0}) {
    const std::vector<deltaw_param> all = {parameter("mean", 0.05), parameter("exponent", exponent),
                                           parameter("skip", std::int64_t{3}),
                                           parameter("scale_by_expected", true)};
    CHECK(count_update_allocations<Miconi, T>(all, {Rewards::one, 1}) == 0);
  }
}
