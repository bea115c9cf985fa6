// SPDX-License-Identifier: Apache-2.0
// Each constraint is one pass over the weights in memory order.
#include "training/constraint.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "network/sign.hpp"

namespace deltaw {
namespace {

// Rows in strips, so that sums live on the stack and memory is read along columns.
template <class T>
void scale_rows(arma::Mat<T>& weights, double norm) {
  constexpr arma::uword strip = 64;
  for (arma::uword first = 0; first < weights.n_rows; first += strip) {
    const arma::uword count = std::min(strip, weights.n_rows - first);
    std::array<double, strip> sums{};
    for (arma::uword j = 0; j < weights.n_cols; ++j) {
      const T* column = weights.colptr(j) + first;
      for (arma::uword i = 0; i < count; ++i) {
        sums[i] += static_cast<double>(column[i]) * static_cast<double>(column[i]);
      }
    }
    std::array<T, strip> factors{};
    for (arma::uword i = 0; i < count; ++i) {
      factors[i] = sums[i] > 0 ? static_cast<T>(norm / std::sqrt(sums[i])) : T(1);
    }
    for (arma::uword j = 0; j < weights.n_cols; ++j) {
      T* column = weights.colptr(j) + first;
      for (arma::uword i = 0; i < count; ++i) column[i] *= factors[i];
    }
  }
}

template <class T>
void scale_columns(arma::Mat<T>& weights, double target) {
  for (arma::uword j = 0; j < weights.n_cols; ++j) {
    T* column = weights.colptr(j);
    double sum = 0;
    for (arma::uword i = 0; i < weights.n_rows; ++i)
      sum += std::abs(static_cast<double>(column[i]));
    if (!(sum > 0)) continue;
    const T factor = static_cast<T>(target / sum);
    for (arma::uword i = 0; i < weights.n_rows; ++i) column[i] *= factor;
  }
}

}  // namespace

template <class T>
void constrain(arma::Mat<T>& weights, const ConstraintSpec& spec) {
  if (spec.sign != "none") keep_sign(weights, spec);
  if (spec.norm > 0) scale_rows(weights, spec.norm);
  if (spec.column_sum > 0) scale_columns(weights, spec.column_sum);
  if (spec.has_bounds) {
    const T low = static_cast<T>(spec.low), high = static_cast<T>(spec.high);
    for (T& w : weights) w = w < low ? low : high < w ? high : w;
  }
}

template void constrain(arma::Mat<float>&, const ConstraintSpec&);
template void constrain(arma::Mat<double>&, const ConstraintSpec&);

}  // namespace deltaw
