// SPDX-License-Identifier: Apache-2.0
#include "report/weight_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace deltaw {
namespace {

constexpr std::size_t k_bins = 40;

// f(weight) of every finite weight.
template <class F>
void each(const NpyMatrix& matrix, F f) {
  for (std::size_t c = 0; c < matrix.columns; ++c) {
    for (std::size_t r = 0; r < matrix.rows; ++r) {
      if (std::isfinite(matrix.at(r, c))) f(matrix.at(r, c));
    }
  }
}

}  // namespace

WeightRange range_of(const NpyMatrix& weights) {
  WeightRange range;
  each(weights, [&](double w) {
    range.low = std::min(range.low, w);
    range.high = std::max(range.high, w);
  });
  return range;
}

WeightRange hull(const WeightRange& a, const WeightRange& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

std::vector<std::size_t> counts_of(const NpyMatrix& weights, const WeightRange& range) {
  std::vector<std::size_t> bins(k_bins);
  each(weights, [&](double w) {
    const double share = range.high > range.low ? (w - range.low) / (range.high - range.low) : 0;
    ++bins[std::min(k_bins - 1, static_cast<std::size_t>(std::max(0.0, share * k_bins)))];
  });
  return bins;
}

}  // namespace deltaw
