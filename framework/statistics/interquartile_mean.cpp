// SPDX-License-Identifier: Apache-2.0
#include "statistics/interquartile_mean.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <span>
#include <vector>

#include "core/ascending.hpp"
#include "statistics/bca.hpp"

namespace deltaw {
namespace {

// Of values of which the k-th counts counts[k] times; `order` ascends.
double trimmed_mean(std::span<const double> values, std::span<const std::size_t> order,
                    Counts counts) {
  const auto n = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  const std::size_t first = n / 4, last = n - n / 4;
  double sum = 0;
  std::size_t seen = 0;
  for (const std::size_t k : order) {
    const std::size_t from = std::max(seen, first), to = std::min(seen + counts[k], last);
    if (to > from) sum += static_cast<double>(to - from) * values[k];
    seen += counts[k];
  }
  return sum / static_cast<double>(last - first);
}

}  // namespace

Mean interquartile_mean(const Tasks& tasks, Bootstrap& bootstrap, double level) {
  std::vector<double> values;
  std::vector<std::size_t> sizes;
  for (const std::vector<double>& runs : tasks) {
    values.insert(values.end(), runs.begin(), runs.end());
    sizes.push_back(runs.size());
  }
  assert(!values.empty());
  const std::vector<std::size_t> order = ascending(std::span<const double>(values));
  const auto of_counts = [&](Counts counts) { return trimmed_mean(values, order, counts); };
  const std::vector<std::uint16_t> once(values.size(), 1);
  const Interval interval = bootstrap_interval(bootstrap.of(sizes), of_counts, level);
  return {of_counts(once), interval.low, interval.high, values.size()};
}

}  // namespace deltaw
