// SPDX-License-Identifier: Apache-2.0
// Two passes along the columns: means, then counts.
#include "analysis/pattern_selectivity.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

#include "core/constant.hpp"

namespace deltaw {
namespace {

// Above what a unit's response counts as selecting: its mean, or for constant ones infinity.
template <class T>
std::vector<double> thresholds(const arma::Mat<T>& activity) {
  const std::size_t units = activity.n_rows;
  std::vector<double> sum(units), least(units, std::numeric_limits<double>::infinity());
  std::vector<double> most(units, -std::numeric_limits<double>::infinity());
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    const T* y = activity.colptr(k);
    for (std::size_t i = 0; i < units; ++i) {
      const double value = static_cast<double>(y[i]);
      sum[i] += value;
      least[i] = std::min(least[i], value);
      most[i] = std::max(most[i], value);
    }
  }
  for (std::size_t i = 0; i < units; ++i) {
    sum[i] = is_constant(least[i], most[i]) ? std::numeric_limits<double>::infinity()
                                            : sum[i] / static_cast<double>(activity.n_cols);
  }
  return sum;
}

}  // namespace

double PatternSelectivity::mean_alpha() const {
  const auto sum = std::accumulate(alpha.begin(), alpha.end(), std::size_t{0});
  return static_cast<double>(sum) / static_cast<double>(alpha.size());
}

std::optional<double> PatternSelectivity::overlap() const {
  if (selected == 0) return std::nullopt;
  return static_cast<double>(selected) / mean_alpha();
}

template <class T>
PatternSelectivity pattern_selectivity(const arma::Mat<T>& activity,
                                       std::span<const std::uint32_t> labels, std::size_t classes) {
  assert(activity.n_cols == labels.size() && activity.n_rows > 0);
  const std::size_t units = activity.n_rows;
  const std::vector<double> threshold = thresholds(activity);
  PatternSelectivity found;
  found.patterns = activity.n_cols;
  std::vector<std::size_t> counts(units * classes);  // by class, then unit
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    const T* y = activity.colptr(k);
    std::size_t* of_class = counts.data() + labels[k] * units;
    std::size_t takers = 0;
    for (std::size_t i = 0; i < units; ++i) {
      const std::size_t is_selected = static_cast<double>(y[i]) > threshold[i] ? 1 : 0;
      of_class[i] += is_selected;
      takers += is_selected;
    }
    if (takers > 0) ++found.selected;
  }
  std::size_t sum = 0;
  for (std::size_t i = 0; i < units; ++i) {
    auto& row = found.per_class.emplace_back();
    for (std::size_t c = 0; c < classes; ++c) row.push_back(counts[c * units + i]);
    found.alpha.push_back(std::accumulate(row.begin(), row.end(), std::size_t{0}));
    if (found.alpha.back() == 0) ++found.dead;
    sum += found.alpha.back();
  }
  found.capacity = std::min(found.patterns, sum);
  return found;
}

template PatternSelectivity pattern_selectivity(const arma::Mat<float>&,
                                                std::span<const std::uint32_t>, std::size_t);
template PatternSelectivity pattern_selectivity(const arma::Mat<double>&,
                                                std::span<const std::uint32_t>, std::size_t);

}  // namespace deltaw
