// SPDX-License-Identifier: Apache-2.0
#include "report/weight_histogram.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <numeric>

using namespace deltaw;

TEST_CASE("weights are counted in equal bins from the least to the largest, with 0 among them") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const NpyMatrix weights{1, 5, std::vector<double>{1, 4, 2.05, nan, 4}};
  const WeightRange range = range_of(weights);
  CHECK(range.low == 0);
  CHECK(range.high == 4);
  const std::vector<std::size_t> counts = counts_of(weights, range);
  REQUIRE(counts.size() == 40);
  CHECK(counts[10] == 1);
  CHECK(counts[20] == 1);
  CHECK(counts[39] == 2);
  CHECK(std::accumulate(counts.begin(), counts.end(), 0U) == 4);
}

TEST_CASE("the hull of two ranges holds both, and weights that are all alike fill one bin") {
  const WeightRange both = hull({-1, 2}, {-3, 1});
  CHECK(both.low == -3);
  CHECK(both.high == 2);
  const NpyMatrix zeros{2, 2, std::vector<double>(4)};
  CHECK(counts_of(zeros, range_of(zeros))[0] == 4);
}
