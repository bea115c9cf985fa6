// SPDX-License-Identifier: Apache-2.0
// Resampling over ranks: a resample of n values is n counts, and its median a walk over them.
#include "comparison/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>

#include "core/ascending.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr std::size_t longest_exact_test = 16;
constexpr std::size_t flip_draws = 10'000;

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

// Between two neighbours of which either may be infinite, but never NaN, which no sort survives: an
// infinite one draws all that lies between to itself, the nearer of two opposite ones.
double between(double low, double high, double fraction) {
  if (fraction == 0 || low == high) return low;
  if (std::isinf(low)) return fraction < 0.5 || !std::isinf(high) ? low : high;
  return low + fraction * (high - low);
}

// Opposite infinities cancel, so that negated values have the negated median.
double middle(double low, double high) {
  if (low == high) return low;
  return std::isinf(low) && std::isinf(high) ? 0 : (low + high) / 2;
}

double quantile_of_sorted(std::span<const double> values, double p) {
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return between(values[below], values[above], place - static_cast<double>(below));
}

double median_of_sorted(std::span<const double> values) {
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return middle(values[half - 1], values[half]);
}

// The medians of all resamples, sorted. Draws pick places in `values`, not ranks, so that negated
// values give exactly the negated medians.
std::vector<double> resampled_medians(std::span<const double> values) {
  const std::size_t n = values.size();
  const std::vector<std::size_t> by_value = ascending(values);
  std::vector<std::size_t> rank(n), count(n);
  for (std::size_t i = 0; i < n; ++i) rank[by_value[i]] = i;

  Random random(0, "bootstrap");
  std::vector<double> medians(bootstrap_resamples);
  for (double& result : medians) {
    std::fill(count.begin(), count.end(), std::size_t{0});
    for (std::size_t draw = 0; draw < n; ++draw) ++count[rank[random.below(n)]];
    std::size_t seen = 0, at = 0;
    while ((seen += count[at]) < (n + 1) / 2) ++at;
    const double lower = values[by_value[at]];
    if (n % 2 == 0 && seen == n / 2) {
      while (count[++at] == 0) continue;
      result = middle(lower, values[by_value[at]]);
    } else {
      result = lower;
    }
  }
  std::sort(medians.begin(), medians.end());
  return medians;
}

std::vector<double> medians_without_one(std::span<const double> values) {
  const std::vector<double> all = sorted(values);
  std::vector<double> left_out(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<double> rest = all;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    left_out[i] = median_of_sorted(rest);
  }
  return left_out;
}

// Skewness of the leave-one-out values, over 6; 0 when they do not vary.
double acceleration(std::span<const double> left_out) {
  const double mean =
      std::accumulate(left_out.begin(), left_out.end(), 0.0) / static_cast<double>(left_out.size());
  double square = 0, cube = 0;
  for (const double value : left_out) {
    const double d = mean - value;
    square += d * d;
    cube += d * d * d;
  }
  const double a = cube / (6 * std::pow(square, 1.5));
  return std::isfinite(a) ? a : 0;
}

// The share of resampled medians below the point that BCa takes for the normal deviate `z`.
double corrected_share(double z, double bias, double acceleration) {
  const double shifted = bias + z;
  return boost::math::cdf(boost::math::normal(), bias + shifted / (1 - acceleration * shifted));
}

// Plain BCa holds a true median too rarely for small n (90 % instead of 95 % for n = 21), because a
// resample varies too little; a t quantile in place of the normal one mends it (Hesterberg 2015).
double expanded_deviate(double level, std::size_t n) {
  const auto count = static_cast<double>(n);
  const boost::math::students_t student(count - 1);
  return std::sqrt(count / (count - 1)) * boost::math::quantile(student, 1 - (1 - level) / 2);
}

}  // namespace

double median(std::span<const double> values) {
  assert(!values.empty());
  return median_of_sorted(sorted(values));
}

double quantile(std::span<const double> values, double p) {
  assert(!values.empty() && p >= 0 && p <= 1);
  return quantile_of_sorted(sorted(values), p);
}

Estimate estimate_median(std::span<const double> values, double level) {
  const double centre = median(values);
  if (values.size() < 2) return {centre, centre, centre, values.size()};
  const Interval interval =
      bca_interval(resampled_medians(values), centre, medians_without_one(values), level);
  return {centre, interval.low, interval.high, values.size()};
}

Interval bca_interval(std::span<const double> resampled, double estimate,
                      std::span<const double> left_out, double level) {
  assert(left_out.size() >= 2);
  const auto [first, last] = std::equal_range(resampled.begin(), resampled.end(), estimate);
  const double below =
      static_cast<double>(first - resampled.begin()) + 0.5 * static_cast<double>(last - first);
  const double least = 1 / static_cast<double>(resampled.size());
  const double share = std::clamp(below / static_cast<double>(resampled.size()), least, 1 - least);
  const double bias = boost::math::quantile(boost::math::normal(), share);
  const double a = acceleration(left_out);
  const double z = expanded_deviate(level, left_out.size());
  return {quantile_of_sorted(resampled, corrected_share(-z, bias, a)),
          quantile_of_sorted(resampled, corrected_share(z, bias, a))};
}

std::vector<double> paired_differences(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>());
  return differences;
}

std::optional<double> sign_flip_p(std::span<const double> differences) {
  const std::size_t n = differences.size();
  double observed = 0, magnitude = 0;
  for (const double d : differences) {
    observed += d;
    magnitude += std::abs(d);
  }
  if (n < least_pairs || !std::isfinite(magnitude)) return std::nullopt;
  // Flips that give the observed sum up to rounding count as equal to it.
  const double threshold = std::abs(observed) - 1e-12 * magnitude;
  std::size_t extreme = 0;
  if (n <= longest_exact_test) {
    const std::uint64_t all = std::uint64_t{1} << n;
    for (std::uint64_t flips = 0; flips < all; ++flips) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i)
        sum += (flips >> i & 1u) ? -differences[i] : differences[i];
      extreme += std::abs(sum) >= threshold;
    }
    return static_cast<double>(extreme) / static_cast<double>(all);
  }
  Random random(0, "sign flips");
  for (std::size_t draw = 0; draw < flip_draws; ++draw) {
    double sum = 0;
    for (const double d : differences) sum += random.below(2) == 1 ? -d : d;
    extreme += std::abs(sum) >= threshold;
  }
  return static_cast<double>(extreme + 1) / static_cast<double>(flip_draws + 1);
}

std::optional<bool> is_equivalent(std::span<const double> differences, double margin) {
  assert(margin > 0);
  if (differences.size() < least_pairs) return std::nullopt;
  const Estimate estimate = estimate_median(differences, 0.90);
  return estimate.low > -margin && estimate.high < margin;
}

std::vector<double> holm(std::span<const double> p_values) {
  const std::size_t n = p_values.size();
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(n);
  double largest = 0;
  for (std::size_t place = 0; place < n; ++place) {
    largest = std::max(largest, static_cast<double>(n - place) * p_values[order[place]]);
    adjusted[order[place]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace deltaw
