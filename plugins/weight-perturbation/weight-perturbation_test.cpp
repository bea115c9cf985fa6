// SPDX-License-Identifier: Apache-2.0
#include "weight-perturbation.cpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr arma::uword outputs = 3, inputs = 4;

template <class T>
using Rule = Probe<WeightPerturbation, T>;

template <class T>
struct Block {
  Block(arma::uword rewards, std::uint64_t seed)
      : noise(T(0.02) * normal<T>(outputs, inputs, seed)),
        reward(-arma::abs(normal<T>(1, rewards, seed + 1000))),
        baseline(-arma::abs(normal<T>(1, rewards, seed + 2000))) {
    for (arma::uword k = 1; k < rewards; k += 3) reward[k] = baseline[k] = NAN;
  }
  arma::Mat<T> noise, reward, baseline;
};

template <class T>
Rule<T>& show(Rule<T>& rule, const Block<T>& block) {
  rule.set(deltaw::weight_perturbation, block.noise);
  return rule.set(deltaw::reward, block.reward).set(deltaw::baseline, block.baseline);
}

enum class Wrong { nothing, reversed, no_baseline, no_variance };

// Weight by weight.
class Reference {
 public:
  explicit Reference(Wrong wrong = Wrong::nothing) : wrong_(wrong) {}

  template <class T>
  arma::mat operator()(const Block<T>& block) {
    double reward = 0, baseline = 0, given = 0;
    for (arma::uword k = 0; k < block.reward.n_elem; ++k) {
      if (std::isnan(block.reward[k])) continue;
      reward += block.reward[k];
      baseline += block.baseline[k];
      ++given;
    }
    if (wrong_ == Wrong::no_baseline) baseline = 0;
    for (const T xi : block.noise) {
      squares_ += double(xi) * double(xi);
      ++draws_;
    }
    const double variance = wrong_ == Wrong::no_variance ? 1 : squares_ / draws_;
    arma::mat change(outputs, inputs);
    for (arma::uword i = 0; i < outputs; ++i) {
      for (arma::uword j = 0; j < inputs; ++j) {
        change(i, j) = (reward / given - baseline / given) * block.noise(i, j) / variance;
        if (wrong_ == Wrong::reversed) change(i, j) = -change(i, j);
      }
    }
    return change;
  }

 private:
  Wrong wrong_;
  double squares_ = 0, draws_ = 0;
};

}  // namespace

TEST_CASE("two weights, worked by hand") {
  // ξ = (3, 4) / 10 in each of 4 rows: σ² = 0.125; R - Rb = (-1 + 2, -4 + 3) / 2 = 0
  // then with the second R at -2: (1 + 1) / 2 = 1, ΔW = ξ / 0.125 = (2.4, 3.2)
  Rule<double> rule({}, 4, 2);
  rule.set(deltaw::weight_perturbation, arma::repmat(arma::mat{{0.3, 0.4}}, 4, 1));
  rule.set(deltaw::reward, arma::mat{{-1, -4}}).set(deltaw::baseline, arma::mat{{-2, -3}});
  CHECK(arma::norm(rule.update()) < 1e-15);
  rule.set(deltaw::reward, arma::mat{{-1, -2}});
  const arma::mat expected = arma::repmat(arma::mat{{2.4, 3.2}}, 4, 1);
  CHECK(largest_difference(rule.update(), expected) < 1e-14);
}

TEST_CASE_TEMPLATE("five updates equal the loops, with one reward and with many", T, float,
                   double) {
  for (const arma::uword rewards : {1u, 20u}) {
    Rule<T> rule({}, outputs, inputs);
    Reference reference;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Block<T> block(rewards, seed);
      const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-10;
      CHECK(largest_difference(show(rule, block).update(), reference(block)) < tolerance);
    }
  }
}

TEST_CASE("wrong signs and scales are far from the rule") {
  const auto difference = [](Wrong wrong) {
    Rule<double> rule({}, outputs, inputs);
    const Block<double> block(20, 1);
    return largest_difference(show(rule, block).update(), Reference(wrong)(block));
  };
  CHECK(difference(Wrong::nothing) < 1e-10);
  CHECK(difference(Wrong::reversed) > 1.5);
  CHECK(difference(Wrong::no_baseline) > 0.1);
  CHECK(difference(Wrong::no_variance) > 0.9);
}

TEST_CASE("the mean of many draws is minus the gradient, in direction and length") {
  // loss = |tanh(W x) - y|² / 2; its gradient by central differences.
  const arma::mat w = normal<double>(outputs, inputs, 1);
  const arma::vec x = normal<double>(inputs, 1, 2), y = normal<double>(outputs, 1, 3);
  const auto loss = [&](const arma::mat& weights) {
    return arma::accu(arma::square(arma::tanh(weights * x) - y)) / 2;
  };
  arma::mat descent(outputs, inputs);
  for (arma::uword k = 0; k < w.n_elem; ++k) {
    arma::mat up = w, down = w;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    descent[k] = (loss(down) - loss(up)) / 2e-5;
  }
  Rule<double> rule({}, outputs, inputs);
  arma::mat sum(outputs, inputs, arma::fill::zeros);
  const int draws = 40000;
  for (int k = 0; k < draws; ++k) {
    const arma::mat noise = 1e-4 * normal<double>(outputs, inputs, static_cast<std::uint64_t>(k));
    rule.set(deltaw::weight_perturbation, noise);
    rule.set(deltaw::reward, arma::mat{-loss(w + noise)});
    sum += rule.set(deltaw::baseline, arma::mat{-loss(w)}).update();
  }
  CHECK(arma::norm_dot(arma::vectorise(sum), arma::vectorise(descent)) > 0.99);
  CHECK(arma::norm(sum, "fro") / draws / arma::norm(descent, "fro") ==
        doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("weights that are not there leave the measured variance alone") {
  Block<double> block(1, 1);
  block.noise.zeros();
  block.noise.col(0).fill(0.5);
  block.noise.col(1).fill(-0.5);
  block.noise.col(2).fill(0.5);
  Rule<double> rule({}, outputs, inputs);
  const arma::mat expected = (block.reward[0] - block.baseline[0]) * block.noise / 0.25;
  CHECK(largest_difference(show(rule, block).update(), expected) < 1e-14);
}

TEST_CASE_TEMPLATE("the measured variance is saved and resumed to the bit", T, float, double) {
  Rule<T> rule({}, outputs, inputs), resumed({}, outputs, inputs);
  show(rule, Block<T>(1, 1)).update();
  resumed.load(rule.save());
  const Block<T> next(1, 2);
  CHECK(
      arma::approx_equal(show(rule, next).update(), show(resumed, next).update(), "absdiff", T(0)));
  CHECK(rule.save() == resumed.save());
}

TEST_CASE("no reward changes nothing; no noise and another baseline are named") {
  Rule<double> rule({}, outputs, inputs);
  Block<double> block(6, 1);
  show(rule, block).set(deltaw::baseline, arma::mat(1, 5));
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("baseline of the reward's shape"), Failure);
  block.noise.zeros();
  CHECK_THROWS_WITH_AS(show(rule, block).update(), doctest::Contains("an amplitude above 0"),
                       Failure);
  block.noise.ones();
  block.reward.fill(NAN);
  CHECK(arma::norm(show(rule, block).update()) == 0);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  CHECK(count_update_allocations<WeightPerturbation, T>({}) == 0);
  CHECK(count_update_allocations<WeightPerturbation, T>({}, {Rewards::one, 1}) == 0);
}
