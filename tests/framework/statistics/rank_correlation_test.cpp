// SPDX-License-Identifier: Apache-2.0
#include "statistics/rank_correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace deltaw;

using Values = std::vector<double>;

TEST_CASE("rho is 1 of what rises together, however bent, and -1 of what falls") {
  CHECK(*spearman(Values{1, 2, 3, 4}, Values{1, 10, 100, 1e6}) == doctest::Approx(1));
  CHECK(*spearman(Values{1, 2, 3, 4}, Values{5, 3, 2, -9}) == doctest::Approx(-1));
}

TEST_CASE("rho is 1 - 6 sum d^2 / (n (n^2 - 1)) without ties") {
  // Ranks 1 2 3 4 5 against 2 1 4 3 5: d^2 sum to 4.
  CHECK(*spearman(Values{1, 2, 3, 4, 5}, Values{20, 10, 40, 30, 50}) ==
        doctest::Approx(1 - 6.0 * 4 / (5 * 24)));
}

TEST_CASE("ties share their mean rank, infinite values among them") {
  constexpr double never = std::numeric_limits<double>::infinity();
  // Ranks 1 2 3 4 against 1 2 3.5 3.5: by hand 4.5 / sqrt(5 * 4.5).
  CHECK(*spearman(Values{1, 2, 3, 4}, Values{100, 200, never, never}) ==
        doctest::Approx(4.5 / std::sqrt(5 * 4.5)));
}

TEST_CASE("two pairs, or a side that does not vary, say nothing") {
  CHECK_FALSE(spearman(Values{1, 2}, Values{1, 2}));
  CHECK_FALSE(spearman(Values{1, 2, 3}, Values{4, 4, 4}));
}
