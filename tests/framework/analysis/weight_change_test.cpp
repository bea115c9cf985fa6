// SPDX-License-Identifier: Apache-2.0
#include "analysis/weight_change.hpp"

#include <doctest/doctest.h>

#include "core/random.hpp"
#include "error_of.hpp"

using namespace deltaw;
using doctest::Approx;

TEST_CASE("the change of hand-worked weights") {
  const arma::mat before = {{1, -2, 0}, {4, -0.5, 0}}, after = {{1.5, -1, 3}, {4, 0.5, 0}};
  // |dJ| = .5 1 3 / 0 1 0; |J0| = 1 2 0 / 4 .5 0; ratios .5 .5 0 2.
  const WeightChange change = weight_change(before, after, 4);
  CHECK(*change.relative == Approx(5.5 / 7.5));
  CHECK(*change.median_ratio == Approx(0.5));
  CHECK(*change.unstable_mean_ratio == Approx(0.75));
  REQUIRE(change.most.size() == 4);
  CHECK(change.most[0].to == 0);
  CHECK(change.most[0].from == 2);
  CHECK(change.most[0].before == 0);
  CHECK(change.most[0].after == 3);
  CHECK(change.most[1].to == 0);  // first of a tie in memory: (0, 1) before (1, 1)
  CHECK(change.most[1].from == 1);
  CHECK(change.most[2].to == 1);
  CHECK(change.most[2].from == 1);
  CHECK(change.most[3].after == 1.5);
  CHECK(weight_change(before, after).most.size() == 6);
}

TEST_CASE("one weight near 0 moves the source's statistic, not the stable ones") {
  Random random(1, "test");
  arma::mat before(50, 50), step(50, 50);
  before.imbue([&] { return random.normal(); });
  step.imbue([&] { return 0.1 * random.normal(); });
  const WeightChange calm = weight_change(before, before + step);
  before(3, 4) = 1e-9;
  const WeightChange moved = weight_change(before, before + step);
  CHECK(*moved.relative == Approx(*calm.relative).epsilon(0.01));
  CHECK(*calm.relative == Approx(0.1).epsilon(0.05));
  CHECK(*moved.median_ratio == Approx(*calm.median_ratio).epsilon(0.01));
  CHECK(*moved.unstable_mean_ratio > 100 * *calm.unstable_mean_ratio);
}

TEST_CASE("weights that began at 0 have no relative change, unequal shapes are an error") {
  const WeightChange change = weight_change(arma::mat(1, 2, arma::fill::zeros), arma::mat{{0, 1}});
  CHECK_FALSE(change.relative);
  CHECK_FALSE(change.median_ratio);
  CHECK_FALSE(change.unstable_mean_ratio);
  CHECK(change.most[0].from == 1);
  const Error error = error_of([] { (void)weight_change(arma::mat(1, 2), arma::mat(2, 1)); });
  CHECK(error.code() == Code::E205);
  CHECK(error.detail().expected == "1 x 2");
  CHECK(error.detail().found == "2 x 1");
}
