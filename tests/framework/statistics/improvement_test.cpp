// SPDX-License-Identifier: Apache-2.0
#include "statistics/improvement.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "framework/statistics/draws.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

Share between(const Tasks& a, const Tasks& b) {
  Bootstrap bootstrap;
  return estimate_improvement(a, b, bootstrap);
}

}  // namespace

TEST_CASE("the chance is U / (m n), ties counting half") {
  // 1 beats none of {1, 2}, ties one; 3 beats both: (0.5 + 2) / 4.
  CHECK(between({{1, 3}}, {{1, 2}}).share == 2.5 / 4);
  // scipy_numbers.py, one tie among them.
  CHECK(between({{81.2, 79.9, 83.1, 80.4, 82.6, 78.8, 84.0, 81.7, 80.9, 82.2}},
                {{80.1, 79.9, 81.0, 78.2, 81.9, 79.3, 82.4, 80.4, 78.5, 81.7}})
            .share == Approx(0.705));
}

TEST_CASE("a rule against itself gives one half, and two rules swapped the rest to 1") {
  const Values a = draw(1, 12, identity), b = draw(2, 9, log_normal);
  CHECK(between({a}, {a}).share == 0.5);
  const Share there = between({a}, {b}), back = between({b}, {a});
  CHECK(there.share + back.share == Approx(1));
  CHECK(there.low == Approx(1 - back.high).epsilon(0.03));
  CHECK(there.n == 21);
}

TEST_CASE("tasks count alike, whatever their number of runs") {
  // 1 on the first, 0 on the second: never the 6/10 that their runs would give.
  const Share share = between({{5, 6, 7}, {1, 1}}, {{1, 2, 3}, {3, 3}});
  CHECK(share.share == 0.5);
  CHECK(share.low == 0.5);  // no run of either could be drawn that would change it
  CHECK(share.high == 0.5);
}

TEST_CASE("one rule above the other in all runs is a chance of 1, infinite values included") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Share share = between({{3, 4, infinity}}, {{1, 2, -infinity}});
  CHECK(share.share == 1);
  CHECK(share.low == 1);
  CHECK(between({{infinity, infinity}}, {{infinity, infinity}}).share == 0.5);
}
