// SPDX-License-Identifier: Apache-2.0
#include "statistics/paired_times.hpp"

#include <cassert>
#include <cstddef>
#include <limits>

#include "core/ascending.hpp"
#include "statistics/paired_differences.hpp"
#include "statistics/sign_flip.hpp"

namespace deltaw {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// One score a time, of sum 0: 1 - 2 S where reached, 1 - S at an end, with Prentice's S.
std::vector<double> prentice_scores(std::span<const Time> times) {
  const std::vector<std::size_t> order = ascending(times, is_before);
  std::vector<double> scores(times.size());
  double survival = 1;
  std::size_t first = 0;
  while (first < order.size()) {
    const Time& time = times[order[first]];
    std::size_t last = first;
    double sum = 0;
    for (; last < order.size() && !is_before(time, times[order[last]]); ++last) {
      const auto at_risk = static_cast<double>(order.size() - last);
      if (time.is_reached) survival *= at_risk / (at_risk + 1);
      sum += time.is_reached ? 1 - 2 * survival : 1 - survival;
    }
    for (std::size_t i = first; i < last; ++i) {
      scores[order[i]] = sum / static_cast<double>(last - first);
    }
    first = last;
  }
  return scores;
}

}  // namespace

std::optional<double> paired_times_p(std::span<const Time> a, std::span<const Time> b) {
  assert(a.size() == b.size());
  std::vector<Time> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  const std::vector<double> scores = prentice_scores(all);
  const std::span<const double> both(scores);
  return sign_flip_p(paired_differences(both.first(a.size()), both.subspan(a.size())));
}

std::vector<double> paired_differences(std::span<const Time> a, std::span<const Time> b) {
  assert(a.size() == b.size());
  std::vector<double> differences;
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k].is_reached && b[k].is_reached) {
      differences.push_back(a[k].at - b[k].at);
    } else if (a[k].is_reached && a[k].at <= b[k].at) {
      differences.push_back(-infinity);
    } else if (b[k].is_reached && b[k].at <= a[k].at) {
      differences.push_back(infinity);
    }
  }
  return differences;
}

}  // namespace deltaw
