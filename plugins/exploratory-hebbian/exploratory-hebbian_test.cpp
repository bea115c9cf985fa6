// SPDX-License-Identifier: Apache-2.0
#include "exploratory-hebbian.cpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr arma::uword outputs = 5, inputs = 4, steps = 120;
constexpr float none = NAN;

template <class T>
using Rule = Probe<ExploratoryHebbian, T>;

std::vector<Parameter> parameters(const char* gate, double mean = 0.05) {
  return {{"mean", mean}, {"gate", gate}};
}

// Rewards in the last third, and at every seventh step before it.
template <class T>
struct Trial {
  explicit Trial(std::uint64_t seed)
      : pre(arma::tanh(wander<T>(inputs, steps, seed))),
        potential(wander<T>(outputs, steps, seed + 1000)),
        reward(-arma::abs(normal<T>(1, steps, seed + 2000))) {
    for (arma::uword t = 0; t < 80; ++t) {
      if (t % 7 != 0) reward[t] = none;
    }
  }
  arma::Mat<T> pre, potential, reward;
};

enum class Wrong {
  nothing,
  mean_before_difference,
  reversed,
  mean_at_rewards_only,
  no_mean_reward
};

// The paper's equation: step by step, synapse by synapse.
class Reference {
 public:
  Reference(bool is_binary, double mean, Wrong wrong = Wrong::nothing)
      : is_binary_(is_binary), share_(mean), wrong_(wrong), mean_(outputs, arma::fill::zeros) {}

  template <class T>
  arma::mat operator()(const Trial<T>& trial) {
    arma::mat change(outputs, inputs, arma::fill::zeros);
    double expected = NAN;
    for (arma::uword t = 0; t < steps; ++t) {
      const double r = trial.reward[t];
      const bool is_rewarded = !std::isnan(r);
      if (is_rewarded && std::isnan(expected)) expected = r;
      double modulator = wrong_ == Wrong::no_mean_reward ? r : r - expected;
      if (is_binary_) modulator = r > expected ? 1 : 0;
      if (wrong_ == Wrong::reversed) modulator = -modulator;
      if (is_rewarded) expected = share_ * expected + (1 - share_) * r;
      for (arma::uword i = 0; i < outputs; ++i) {
        if (wrong_ == Wrong::mean_at_rewards_only && !is_rewarded) continue;
        const double x = trial.potential(i, t);
        double difference = x - mean_[i];
        mean_[i] = share_ * mean_[i] + (1 - share_) * x;
        if (wrong_ == Wrong::mean_before_difference) difference = x - mean_[i];
        if (!is_rewarded) continue;
        for (arma::uword j = 0; j < inputs; ++j) {
          change(i, j) += trial.pre(j, t) * difference * modulator;
        }
      }
    }
    return change;
  }

 private:
  bool is_binary_;
  double share_;
  Wrong wrong_;
  arma::vec mean_;
};

template <class T>
Rule<T>& show(Rule<T>& rule, const Trial<T>& trial, arma::uword first = 0,
              arma::uword last = steps - 1) {
  rule.set(deltaw::pre, trial.pre.cols(first, last));
  rule.set(deltaw::potential, trial.potential.cols(first, last));
  rule.set(deltaw::reward, trial.reward.cols(first, last));
  return rule.set_time(first, 1);
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;

}  // namespace

TEST_CASE("three rewarded steps, worked by hand") {
  // mean 0.5: x = 0, 0.8, 0.8, 0; differences 0, 0.8, 0.4, -0.6. Rewards -1, -0.5, -1.25 at steps
  // 1 to 3 against means -1, -1, -0.75: better by 0, 0.5, -0.5. With r = 0.5:
  // graded 0.5 (0.5 * 0.4 + 0.5 * 0.6) = 0.25, binary 0.5 * 0.4 = 0.2
  const auto change = [](const char* gate) {
    Rule<double> rule(parameters(gate, 0.5), 1, 1);
    rule.set(deltaw::pre, arma::mat(1, 4, arma::fill::value(0.5)));
    rule.set(deltaw::potential, arma::mat{{0, 0.8, 0.8, 0}});
    rule.set(deltaw::reward, arma::mat{{none, -1, -0.5, -1.25}});
    return rule.set_time(0, 1).update()[0];
  };
  CHECK(change("graded") == doctest::Approx(0.25).epsilon(1e-14));
  CHECK(change("binary") == doctest::Approx(0.2).epsilon(1e-14));
}

TEST_CASE_TEMPLATE("three trials equal the paper's loops, graded and binary", T, float, double) {
  for (const bool is_binary : {false, true}) {
    for (const double mean : {0.05, 0.8}) {
      Rule<T> rule(parameters(is_binary ? "binary" : "graded", mean), outputs, inputs);
      Reference reference(is_binary, mean);
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Trial<T> trial(seed);
        CHECK(largest_difference(show(rule, trial).update(), reference(trial)) < tolerance<T>);
      }
    }
  }
}

TEST_CASE("wrong orders and signs are far from the rule") {
  const auto difference = [](Wrong wrong) {
    Rule<double> rule(parameters("graded"), outputs, inputs);
    Reference reference(false, 0.05, wrong);
    const Trial<double> trial(1);
    return largest_difference(show(rule, trial).update(), reference(trial));
  };
  CHECK(difference(Wrong::nothing) < 1e-10);
  CHECK(difference(Wrong::mean_before_difference) > 0.9);  // 20 times too small
  CHECK(difference(Wrong::reversed) > 1.5);
  CHECK(difference(Wrong::mean_at_rewards_only) > 0.1);
  CHECK(difference(Wrong::no_mean_reward) > 0.1);
}

TEST_CASE_TEMPLATE("the running mean is saved and resumed to the bit", T, float, double) {
  Rule<T> rule(parameters("graded"), outputs, inputs),
      resumed(parameters("graded"), outputs, inputs);
  show(rule, Trial<T>(1)).update();
  resumed.load(rule.save());
  const Trial<T> next(2);
  CHECK(
      arma::approx_equal(show(rule, next).update(), show(resumed, next).update(), "absdiff", T(0)));
  CHECK(rule.save() == resumed.save());
}

TEST_CASE("a trial without any reward changes nothing") {
  Rule<double> rule(parameters("graded"), outputs, inputs);
  Trial<double> trial(1);
  trial.reward.fill(none);
  CHECK(arma::norm(show(rule, trial).update()) == 0);
}

TEST_CASE("one reward for the whole trial is refused with what to set") {
  Rule<float> rule(parameters("graded"), outputs, inputs);
  show(rule, Trial<float>(1)).set(deltaw::reward, arma::fmat{-1});
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("\"reward\": \"instantaneous\""), Failure);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  for (const char* gate : {"graded", "binary"}) {
    const std::vector<deltaw_param> all = {parameter("mean", 0.05), parameter("gate", gate)};
    CHECK(count_update_allocations<ExploratoryHebbian, T>(all, {Rewards::each, 1}) == 0);
  }
}
