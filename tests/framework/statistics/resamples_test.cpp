// SPDX-License-Identifier: Apache-2.0
#include "statistics/resamples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace deltaw;

TEST_CASE("each stratum keeps its size, and each datum is in a resample as often as by chance") {
  const Resamples resamples({3, 5});
  REQUIRE(resamples.data() == 8);
  REQUIRE(resamples.replicates() == bootstrap_resamples);
  std::vector<double> sums(8);
  double left_out = 0;
  for (std::size_t k = 0; k < resamples.replicates(); ++k) {
    const Counts counts = resamples.of(k);
    CHECK(std::accumulate(counts.begin(), counts.begin() + 3, 0) == 3);
    CHECK(std::accumulate(counts.begin() + 3, counts.end(), 0) == 5);
    for (std::size_t datum = 0; datum < 8; ++datum) sums[datum] += counts[datum];
    left_out += counts[7] == 0;
  }
  // A count of the first stratum is binomial(3, 1/3); a datum of five is left out by (4/5)^5.
  for (const double sum : sums) CHECK(std::abs(sum / 1e4 - 1) < 5 * std::sqrt(0.8 / 1e4));
  CHECK(std::abs(left_out / 1e4 - 0.32768) < 5 * std::sqrt(0.22 / 1e4));
}

TEST_CASE("the same shape gives the same resamples, and strata are drawn apart") {
  Bootstrap bootstrap(100);
  const Resamples& first = bootstrap.of({4, 4});
  CHECK(&first == &bootstrap.of({4, 4}));
  CHECK(std::ranges::equal(first.of(7), Resamples({4, 4}, 100).of(7)));
  std::size_t same = 0;
  for (std::size_t k = 0; k < 100; ++k) {
    same += std::ranges::equal(first.of(k).first(4), first.of(k).subspan(4));
  }
  CHECK(same < 20);
}
