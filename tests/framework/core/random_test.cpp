// SPDX-License-Identifier: Apache-2.0
#include "core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace deltaw;

TEST_CASE("the same key gives the same numbers, another seed, purpose or stream others") {
  const double first = Random(1, "init", 2).uniform();
  CHECK(Random(1, "init", 2).uniform() == first);
  CHECK(Random(2, "init", 2).uniform() != first);
  CHECK(Random(1, "noise", 2).uniform() != first);
  CHECK(Random(1, "init", 3).uniform() != first);
}

TEST_CASE("uniform and normal have the moments of their names") {
  Random random(7, "moments");
  const int n = 200000;
  double sum = 0, sum_normal = 0, square_normal = 0, fourth = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    REQUIRE(u > 0);
    REQUIRE(u < 1);
    sum += u;
    const double z = random.normal();
    sum_normal += z;
    square_normal += z * z;
    fourth += z * z * z * z;
  }
  CHECK(std::abs(sum / n - 0.5) < 4 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(sum_normal / n) < 4 / std::sqrt(n));
  CHECK(std::abs(square_normal / n - 1) < 4 * std::sqrt(2.0 / n));
  CHECK(std::abs(fourth / n - 3) < 4 * std::sqrt(96.0 / n));
}

TEST_CASE("a permutation holds every index once and every place is equally likely") {
  Random random(3, "shuffle");
  int first[5] = {};
  for (int i = 0; i < 20000; ++i) {
    auto order = random.permutation(5);
    ++first[order[0]];
    std::sort(order.begin(), order.end());
    for (std::size_t k = 0; k < 5; ++k) REQUIRE(order[k] == k);
  }
  for (const int count : first) CHECK(std::abs(count - 4000) < 4 * std::sqrt(20000 * 0.2 * 0.8));
}
