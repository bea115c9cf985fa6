// SPDX-License-Identifier: Apache-2.0
#include "statistics/paired_times.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "framework/statistics/times.hpp"
#include "statistics/sign_flip.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("uncensored pairs are compared by ranks") {
  // Pooled ranks of a are 1..6 and of b 7..12: each pair differs by -6/13, the least p there is.
  const auto p = paired_times_p(times({1, 2, 3, 4, 5, 6}), times({10, 20, 30, 40, 50, 600}));
  REQUIRE(p);
  CHECK(*p == Approx(2.0 / 64));
  // a is later in the fifth and sixth pair, by 1 rank each, and earlier by 9, 7, 3 and 1 in others.
  const Times a = times({1, 2, 4, 6, 9, 12}), b = times({10, 9.5, 7, 6.5, 8, 11});
  const std::vector<double> ranks = {1 - 10.0, 2 - 9.0, 3 - 6.0, 4 - 5.0, 8 - 7.0, 12 - 11.0};
  CHECK(*paired_times_p(a, b) == Approx(*sign_flip_p(ranks)));
}

TEST_CASE("an end scores later than all before it, and a pair of which neither got there 0") {
  // Pooled: 1, 2, 3, 4, 5, 6 reached, six at the end at 9; S falls to 7/13, so the scores are
  // 1 - 2 S = -11/13, ..., -1/13 where reached and 6/13 at the end.
  const Times quick = times({1, 2, 3, 4, 5, 6}), never = times({}, {9, 9, 9, 9, 9, 9});
  CHECK(*paired_times_p(quick, never) == Approx(2.0 / 64));
  Times padded_quick = quick, padded_never = never;
  padded_quick.push_back({9, false});
  padded_never.push_back({9, false});
  CHECK(*paired_times_p(padded_quick, padded_never) == Approx(2.0 / 64));
  CHECK_FALSE(paired_times_p(times({1, 2, 3, 4, 5}), times({}, {9, 9, 9, 9, 9})));
  // Six pairs one way and their mirror images: no difference.
  Times left = quick, right = never;
  left.insert(left.end(), never.begin(), never.end());
  right.insert(right.end(), quick.begin(), quick.end());
  CHECK(*paired_times_p(left, right) == Approx(1));
}

TEST_CASE("scores of censored pairs are Prentice's, worked by hand") {
  // Pooled times are 1 .. 12, reached at 1, 4, 5, 9, 11 and 12 with 12, 9, 8, 4, 2 and 1 at risk.
  const Times a = {{1, true}, {9, true}, {11, true}, {12, true}, {5, true}, {6, false}};
  const Times b = {{4, true}, {8, false}, {10, false}, {7, false}, {3, false}, {2, false}};
  const double s1 = 12.0 / 13, s4 = s1 * 9 / 10, s5 = s4 * 8 / 9, s9 = s5 * 4 / 5, s11 = s9 * 2 / 3,
               s12 = s11 / 2;
  const std::vector<double> differences = {(1 - 2 * s1) - (1 - 2 * s4), (1 - 2 * s9) - (1 - s5),
                                           (1 - 2 * s11) - (1 - s9),    (1 - 2 * s12) - (1 - s5),
                                           (1 - 2 * s5) - (1 - s1),     (1 - s5) - (1 - s1)};
  CHECK(*paired_times_p(a, b) == Approx(*sign_flip_p(differences)));
  CHECK(*paired_times_p(a, b) == Approx(22.0 / 64));
}

TEST_CASE("the leukaemia trial differs by pairs as well") {
  // Of 21 pairs, 18 were longer in remission with the drug and 3 with the placebo.
  const std::vector<double> longer = paired_differences(mercaptopurine(), placebo());
  CHECK(longer.size() == 21);
  CHECK(std::ranges::count_if(longer, [](double d) { return d > 0; }) == 18);
  CHECK(*paired_times_p(mercaptopurine(), placebo()) < 0.002);
}

TEST_CASE("differences are taken where the order of a pair is known") {
  const Times a = {{5, true}, {7, true}, {9, false}, {9, false}, {3, false}, {9, true}, {5, true}};
  const Times b = {{6, true}, {9, false}, {4, true}, {9, false}, {4, true}, {9, false}, {4, false}};
  CHECK(paired_differences(a, b) == std::vector<double>{-1, -infinity, infinity, -infinity});
}
