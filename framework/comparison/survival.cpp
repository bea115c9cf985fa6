// SPDX-License-Identifier: Apache-2.0
// All of it walks over times in order. Among equal times the reached ones come first, so that ties
// need no groups in a product of 1 - 1/at_risk.
#include "comparison/survival.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/ascending.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_before(const Time& a, const Time& b) {
  return a.at != b.at ? a.at < b.at : a.is_reached && !b.is_reached;
}

std::vector<Time> sorted(std::span<const Time> times) {
  std::vector<Time> copy(times.begin(), times.end());
  std::sort(copy.begin(), copy.end(), is_before);
  return copy;
}

// The median of sorted times of which the k-th counts count[k] times.
double median_of(std::span<const Time> times, std::span<const std::size_t> count) {
  constexpr double rounding = 1e-9;
  std::size_t at_risk = std::accumulate(count.begin(), count.end(), std::size_t{0});
  double survival = 1, rest = infinity;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (count[k] == 0) continue;
    if (times[k].is_reached) {
      if (rest != infinity) return (rest + times[k].at) / 2;
      survival *= static_cast<double>(at_risk - count[k]) / static_cast<double>(at_risk);
      if (survival < 0.5 - rounding) return times[k].at;
      if (survival < 0.5 + rounding) rest = times[k].at;
    }
    at_risk -= count[k];
  }
  return infinity;
}

// The statistic for each resample, sorted; as statistics.cpp draws, so that intervals agree.
std::vector<double> resampled_medians(std::span<const Time> times) {
  const std::size_t n = times.size();
  const std::vector<std::size_t> order = ascending(times, is_before);
  const std::vector<Time> ordered = sorted(times);
  std::vector<std::size_t> rank(n), count(n);
  for (std::size_t i = 0; i < n; ++i) rank[order[i]] = i;
  Random random(0, "bootstrap");
  std::vector<double> medians(bootstrap_resamples);
  for (double& result : medians) {
    std::fill(count.begin(), count.end(), std::size_t{0});
    for (std::size_t draw = 0; draw < n; ++draw) ++count[rank[random.below(n)]];
    result = median_of(ordered, count);
  }
  std::sort(medians.begin(), medians.end());
  return medians;
}

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

std::vector<SurvivalStep> kaplan_meier(std::span<const Time> times, double level) {
  const std::vector<Time> ordered = sorted(times);
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

Estimate estimate_median_time(std::span<const Time> times, double level) {
  assert(!times.empty());
  const std::size_t n = times.size();
  const std::vector<Time> ordered = sorted(times);
  std::vector<std::size_t> count(n, 1);
  const double centre = median_of(ordered, count);
  if (n < 2) return {centre, centre, centre, n};
  std::vector<double> left_out(n);
  for (std::size_t k = 0; k < n; ++k) {
    count[k] = 0;
    left_out[k] = median_of(ordered, count);
    count[k] = 1;
  }
  const Interval interval = bca_interval(resampled_medians(times), centre, left_out, level);
  return {centre, interval.low, interval.high, n};
}

std::optional<LogRank> log_rank(std::span<const Time> a, std::span<const Time> b) {
  const std::vector<Time> first = sorted(a), second = sorted(b);
  std::vector<Time> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const auto from = [](const std::vector<Time>& times, const Time& time) {
    return static_cast<double>(times.end() - std::ranges::lower_bound(times, time, is_before));
  };
  const auto after = [](const std::vector<Time>& times, const Time& time) {
    return static_cast<double>(times.end() - std::ranges::upper_bound(times, time, is_before));
  };
  std::sort(all.begin(), all.end(), is_before);
  double excess = 0, variance = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Time& time = all[k];
    if (!time.is_reached || (k > 0 && !is_before(all[k - 1], time))) continue;
    const double at_risk = from(all, time), events = at_risk - after(all, time);
    const double share = from(first, time) / at_risk;
    excess += from(first, time) - after(first, time) - events * share;
    if (at_risk > 1) {
      variance += events * share * (1 - share) * (at_risk - events) / (at_risk - 1);
    }
  }
  if (variance <= 0) return std::nullopt;
  const double chi_square = excess * excess / variance;
  return LogRank{chi_square, std::erfc(std::sqrt(chi_square / 2))};
}

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
