// SPDX-License-Identifier: Apache-2.0
// All 2^n flips are all pairs of the 2^(n/2) sums of either half: these are made in order, and a
// walk over both counts the pairs (Horowitz & Sahni 1974, doi:10.1145/321812.321823).
#include "statistics/sign_flip.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "statistics/estimate.hpp"

namespace deltaw {
namespace {

constexpr std::size_t longest_exact_test = 40;
constexpr std::size_t flip_draws = 10'000;

// The sums of all flips, ascending.
std::vector<double> sums_of_flips(std::span<const double> differences) {
  std::vector<double> sums = {0}, lower, upper, merged;
  for (const double d : differences) {
    lower = upper = sums;
    for (double& sum : lower) sum -= std::abs(d);
    for (double& sum : upper) sum += std::abs(d);
    merged.resize(2 * sums.size());
    std::merge(lower.begin(), lower.end(), upper.begin(), upper.end(), merged.begin());
    sums.swap(merged);
  }
  return sums;
}

// REQUIRES: threshold > 0, so that by symmetry the sums above it are half of the extreme ones.
double exact_p(std::span<const double> differences, double threshold) {
  const std::size_t half = differences.size() / 2;
  const std::vector<double> first = sums_of_flips(differences.first(half));
  const std::vector<double> second = sums_of_flips(differences.subspan(half));
  std::uint64_t extreme = 0;
  std::size_t reached = second.size();  // the first of `second` from which on the sum is extreme
  for (const double sum : first) {
    while (reached > 0 && sum + second[reached - 1] >= threshold) --reached;
    extreme += second.size() - reached;
  }
  return std::ldexp(static_cast<double>(extreme), 1 - static_cast<int>(differences.size()));
}

double drawn_p(std::span<const double> differences, double threshold) {
  Random random(0, "sign flips");
  std::size_t extreme = 0;
  for (std::size_t draw = 0; draw < flip_draws; ++draw) {
    double sum = 0;
    for (const double d : differences) sum += random.below(2) == 1 ? -d : d;
    extreme += std::abs(sum) >= threshold;
  }
  return static_cast<double>(extreme + 1) / static_cast<double>(flip_draws + 1);
}

}  // namespace

std::optional<double> sign_flip_p(std::span<const double> differences) {
  double observed = 0, magnitude = 0;
  for (const double d : differences) {
    observed += d;
    magnitude += std::abs(d);
  }
  if (differences.size() < least_pairs || !std::isfinite(magnitude)) return std::nullopt;
  // Flips that give the observed sum up to rounding count as equal to it.
  const double threshold = std::abs(observed) - 1e-12 * magnitude;
  if (threshold <= 0) return 1;
  return differences.size() <= longest_exact_test ? exact_p(differences, threshold)
                                                  : drawn_p(differences, threshold);
}

}  // namespace deltaw
