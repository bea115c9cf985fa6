// SPDX-License-Identifier: Apache-2.0
// Selection instead of sorting: of many values one or two are wanted.
#include "statistics/median.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

namespace deltaw {
namespace {

// Between two neighbours of which either may be infinite, but never NaN, which no sort survives: an
// infinite one draws all that lies between to itself, the nearer of two opposite ones.
double between(double low, double high, double fraction) {
  if (fraction == 0 || low == high) return low;
  if (std::isinf(low)) return fraction < 0.5 || !std::isinf(high) ? low : high;
  return low + fraction * (high - low);
}

// The k-th least value and the one after it, or itself where it is the last.
struct Neighbours {
  double low, high;
};

Neighbours neighbours(std::span<const double> values, std::size_t k) {
  std::vector<double> copy(values.begin(), values.end());
  const auto place = copy.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(copy.begin(), place, copy.end());
  return {*place, place + 1 == copy.end() ? *place : *std::min_element(place + 1, copy.end())};
}

}  // namespace

double middle(double low, double high) {
  if (low == high) return low;
  return std::isinf(low) && std::isinf(high) ? 0 : (low + high) / 2;
}

double median(std::span<const double> values) {
  assert(!values.empty());
  const auto [low, high] = neighbours(values, (values.size() - 1) / 2);
  return values.size() % 2 == 1 ? low : middle(low, high);
}

double quantile(std::span<const double> values, double p) {
  assert(!values.empty() && p >= 0 && p <= 1);
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto [low, high] = neighbours(values, below);
  return between(low, high, place - static_cast<double>(below));
}

}  // namespace deltaw
