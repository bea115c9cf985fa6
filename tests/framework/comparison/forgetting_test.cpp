// SPDX-License-Identifier: Apache-2.0
// Against matrices worked by hand.
#include "comparison/forgetting.hpp"

#include <doctest/doctest.h>

using namespace deltaw;
using doctest::Approx;

TEST_CASE("metrics of three contexts are those worked by hand") {
  const arma::mat accuracy = {{0.50, 0.40, 0.60},   // before training
                              {0.90, 0.45, 0.55},   // after context 1
                              {0.80, 0.95, 0.70},   // after context 2
                              {0.60, 0.85, 1.00}};  // after context 3
  auto metrics = measure_forgetting(accuracy, {0.9, 0.97, 0.98});
  CHECK(*metrics["learning_accuracy"] == Approx((0.90 + 0.95 + 1.00) / 3));
  CHECK(*metrics["backward_transfer"] == Approx((-0.30 - 0.10) / 2));
  CHECK(*metrics["forward_transfer"] == Approx(((0.45 - 0.40) + (0.70 - 0.60)) / 2));
  CHECK(*metrics["forgetting"] == Approx((0.30 + 0.10) / 2));
  CHECK(*metrics["intransigence"] == Approx((0.0 + 0.02 - 0.02) / 3));
}

TEST_CASE("forgetting counts from the best accuracy on the way, backward transfer from the first") {
  const arma::mat accuracy = {{0.1, 0.1, 0.1},  // context 1 gets better while 2 is learnt, then
                              {0.7, 0.1, 0.1},  // worse, but for what it was at first
                              {0.9, 0.6, 0.1},
                              {0.8, 0.6, 0.5}};
  auto metrics = measure_forgetting(accuracy, {});
  CHECK(*metrics["backward_transfer"] == Approx((0.1 + 0) / 2));
  CHECK(*metrics["forgetting"] == Approx((0.1 + 0) / 2));
  CHECK_FALSE(metrics.contains("intransigence"));
}

TEST_CASE("what was known before learning is not forgotten, and one context has no others") {
  const arma::mat fell = {{0.9, 0.1}, {0.6, 0.1}, {0.5, 0.8}};
  CHECK(*measure_forgetting(fell, {})["forgetting"] == Approx(0.1));
  const arma::mat single = arma::vec{0.2, 0.9};
  auto one = measure_forgetting(single, {0.95});
  CHECK(*one["learning_accuracy"] == Approx(0.9));
  CHECK(*one["intransigence"] == Approx(0.05));
  CHECK_FALSE(one["forgetting"].has_value());
}
