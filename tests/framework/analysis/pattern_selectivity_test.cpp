// SPDX-License-Identifier: Apache-2.0
#include "analysis/pattern_selectivity.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace deltaw;
using doctest::Approx;

TEST_CASE_TEMPLATE("a case worked out by hand", T, float, double) {
  // Means 2, -1, 5 and 1: unit 0 takes patterns 0 and 3, unit 1 the last, unit 2 none, unit 3 the
  // first three.
  const arma::Mat<T> activity = {{4, 0, 1, 3}, {-2, -3, -4, 5}, {5, 5, 5, 5}, {2, 2, 2, -2}};
  const std::vector<std::uint32_t> labels = {0, 1, 1, 2};
  const PatternSelectivity found = pattern_selectivity(activity, labels, 3);
  CHECK(found.patterns == 4);
  CHECK(found.alpha == std::vector<std::size_t>{2, 1, 0, 3});
  CHECK(found.selected == 4);
  CHECK(found.dead == 1);
  CHECK(found.mean_alpha() == 1.5);
  CHECK(found.overlap().value() == Approx(4 / 1.5));
  CHECK(found.capacity == 4);
  CHECK(found.per_class ==
        std::vector<std::vector<std::size_t>>{{1, 0, 1}, {0, 0, 1}, {0, 0, 0}, {1, 2, 0}});
}

TEST_CASE("units that respond alike overlap wholly") {
  const arma::mat one = {{0, 3, 1, 0, 0, 2, 0}};
  const std::vector<std::uint32_t> labels(7);
  const PatternSelectivity found = pattern_selectivity<double>(arma::repmat(one, 9, 1), labels, 1);
  CHECK(found.overlap().value() == 1);
  CHECK(found.selected == found.alpha[0]);
  CHECK(found.capacity == 7);
}

TEST_CASE("units that share no pattern hold as many as all of them have selected") {
  // Unit i responds to patterns 3 i and 3 i + 1; those divisible by 3 less 1 are nobody's.
  arma::mat activity(5, 15, arma::fill::zeros);
  for (arma::uword i = 0; i < 5; ++i) activity(i, 3 * i) = activity(i, 3 * i + 1) = 1;
  const std::vector<std::uint32_t> labels(15);
  const PatternSelectivity found = pattern_selectivity(activity, labels, 1);
  CHECK(found.overlap().value() == 5);
  CHECK(found.selected == 10);
  CHECK(found.capacity == 10);
}

TEST_CASE("units that differ by rounding alone are dead, whatever their mean") {
  const float c = 0.1F;
  arma::fmat activity(3, 10'001);
  activity.row(0).fill(c);
  activity.row(1).fill(-c);
  activity.row(2).fill(c);
  activity(2, 77) = std::nextafter(c, 1.0F);
  const std::vector<std::uint32_t> labels(activity.n_cols);
  const PatternSelectivity found = pattern_selectivity(activity, labels, 1);
  CHECK(found.dead == 3);
  CHECK(found.selected == 0);
  CHECK(found.capacity == 0);
  CHECK_FALSE(found.overlap().has_value());
}

TEST_CASE("sums of the same terms in another order are constant, small differences are not") {
  constexpr std::size_t terms = 3072, patterns = 500;
  const arma::fvec values(terms, arma::fill::randu);
  arma::fmat activity(2, patterns);
  for (arma::uword k = 0; k < patterns; ++k) {
    float sum = 0;
    for (std::size_t i = 0; i < terms; ++i) sum += values[(i * 95 + k * 31) % terms];
    activity(0, k) = sum;
    activity(1, k) = k % 2 == 0 ? 1.0F : 1.0001F;
  }
  REQUIRE(activity.row(0).max() > activity.row(0).min());
  const std::vector<std::uint32_t> labels(patterns);
  const PatternSelectivity found = pattern_selectivity(activity, labels, 1);
  CHECK(found.alpha == std::vector<std::size_t>{0, patterns / 2});
  CHECK(found.dead == 1);
}
