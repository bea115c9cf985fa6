// SPDX-License-Identifier: Apache-2.0
#include "statistics/log_rank.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "framework/statistics/times.hpp"

using namespace deltaw;
using doctest::Approx;

TEST_CASE("the log-rank test of the leukaemia trial gives chi-square 16.79") {
  const auto found = log_rank(mercaptopurine(), placebo());
  REQUIRE(found);
  CHECK(found->chi_square == Approx(16.793).epsilon(1e-4));
  CHECK(found->p == Approx(4.17e-5).epsilon(2e-3));
  const auto swapped = log_rank(placebo(), mercaptopurine());
  CHECK(swapped->chi_square == Approx(found->chi_square));
}

TEST_CASE("a hand-worked log-rank test") {
  // At 1: 1 of 2 + 2 at risk, expected 1/2, variance 1/4. At 2, of a's 1 and b's 2: 1/3 and 2/9.
  const auto found = log_rank(times({1, 2}), times({3}, {4}));
  REQUIRE(found);
  const double excess = 2 - 0.5 - 1.0 / 3, variance = 0.25 + 2.0 / 9;
  CHECK(found->chi_square == Approx(excess * excess / variance));
  CHECK(found->p == Approx(std::erfc(std::sqrt(found->chi_square / 2))));
  CHECK_FALSE(log_rank(times({}, {1, 1}), times({2, 3})));
}

TEST_CASE("log-rank p of groups that do not differ are uniform") {
  int below_tenth = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed, "test");
    Times group[2];
    for (int k = 0; k < 40; ++k) {
      const double t = -std::log(random.uniform()), end = 3 * random.uniform();
      group[k % 2].push_back(t <= end ? Time{t, true} : Time{end, false});
    }
    below_tenth += log_rank(group[0], group[1])->p < 0.1;
  }
  CHECK(below_tenth == Approx(100).epsilon(0.3));
}

TEST_CASE("nothing can be said where none is reached, or all at one time") {
  const Times none = times({}, {10, 10, 7}), same = times({5, 5, 5});
  CHECK_FALSE(log_rank(none, none));
  CHECK_FALSE(log_rank(same, same));
}
