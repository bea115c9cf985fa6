// SPDX-License-Identifier: Apache-2.0
// Walks over times in order.
#include "statistics/kaplan_meier.hpp"

#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/ascending.hpp"
#include "statistics/bca.hpp"

namespace deltaw {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The median of times of which the k-th counts counts[k] times; `order` ascends.
double median_of(std::span<const Time> times, std::span<const std::size_t> order, Counts counts) {
  constexpr double rounding = 1e-9;
  std::size_t at_risk = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  double survival = 1, rest = infinity;
  for (const std::size_t k : order) {
    if (counts[k] == 0) continue;
    if (times[k].is_reached) {
      if (rest != infinity) return (rest + times[k].at) / 2;
      survival *= static_cast<double>(at_risk - counts[k]) / static_cast<double>(at_risk);
      if (survival < 0.5 - rounding) return times[k].at;
      if (survival < 0.5 + rounding) rest = times[k].at;
    }
    at_risk -= counts[k];
  }
  return infinity;
}

}  // namespace

std::vector<SurvivalStep> kaplan_meier(std::span<const Time> times, double level) {
  const std::vector<Time> ordered = in_order(times);
  const double z = boost::math::quantile(boost::math::normal(), 1 - (1 - level) / 2);
  std::vector<SurvivalStep> steps;
  SurvivalStep step;
  double greenwood = 0;
  for (std::size_t k = 0; k < ordered.size(); k += step.events) {
    step.events = 1;
    if (!ordered[k].is_reached) continue;
    step.time = ordered[k].at;
    step.at_risk = ordered.size() - k;
    while (k + step.events < ordered.size() && !is_before(ordered[k], ordered[k + step.events])) {
      ++step.events;
    }
    const auto at_risk = static_cast<double>(step.at_risk);
    const auto events = static_cast<double>(step.events);
    step.survival *= (at_risk - events) / at_risk;
    greenwood += events / (at_risk * (at_risk - events));
    step.low = 0;
    if (step.survival > 0) {
      const double spread = z * std::sqrt(greenwood) / -std::log(step.survival);
      step.low = std::pow(step.survival, std::exp(spread));
      step.high = std::pow(step.survival, std::exp(-spread));
    }
    steps.push_back(step);
  }
  return steps;
}

Estimate estimate_median_time(std::span<const Time> times, Bootstrap& bootstrap, double level) {
  assert(!times.empty());
  const std::vector<std::size_t> order = ascending(times, is_before);
  const auto of_counts = [&](Counts counts) { return median_of(times, order, counts); };
  const std::vector<std::uint16_t> once(times.size(), 1);
  const Interval interval = bootstrap_interval(bootstrap.of({times.size()}), of_counts, level);
  return {of_counts(once), interval.low, interval.high, times.size()};
}

}  // namespace deltaw
