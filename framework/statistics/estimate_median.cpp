// SPDX-License-Identifier: Apache-2.0
// The median of a resample is a walk over counts in ascending order.
#include "statistics/estimate_median.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

#include "core/ascending.hpp"
#include "statistics/bca.hpp"
#include "statistics/median.hpp"

namespace deltaw {

Estimate estimate_median(std::span<const double> values, Bootstrap& bootstrap, double level) {
  assert(!values.empty());
  const std::vector<std::size_t> order = ascending(values);
  const auto of_counts = [&](Counts counts) {
    const auto n = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    std::size_t seen = 0, at = 0;
    while ((seen += counts[order[at]]) < (n + 1) / 2) ++at;
    const double lower = values[order[at]];
    if (n % 2 == 1 || seen > n / 2) return lower;
    while (counts[order[++at]] == 0) continue;
    return middle(lower, values[order[at]]);
  };
  const Interval interval = bootstrap_interval(bootstrap.of({values.size()}), of_counts, level);
  return {median(values), interval.low, interval.high, values.size()};
}

Estimate estimate_median(std::span<const double> values, double level) {
  Bootstrap bootstrap;
  return estimate_median(values, bootstrap, level);
}

}  // namespace deltaw
