// SPDX-License-Identifier: Apache-2.0
// Powers of halves are products and one square root, which vectorise.
#include "readout/transform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace deltaw {
namespace {

constexpr double k_largest_product = 32;

// Sums and maxima in lanes, which vectorise as one running value would not.
constexpr std::size_t k_lanes = 16;

// fold(running value, |value|) over all, from 0.
template <class T, class Fold>
T folded(const T* values, std::size_t n, Fold fold) {
  T lanes[k_lanes] = {};
  std::size_t i = 0;
  for (; i + k_lanes <= n; i += k_lanes) {
    for (std::size_t lane = 0; lane < k_lanes; ++lane) {
      lanes[lane] = fold(lanes[lane], std::abs(values[i + lane]));
    }
  }
  for (; i < n; ++i) lanes[0] = fold(lanes[0], std::abs(values[i]));
  T all = 0;
  for (const T lane : lanes) all = fold(all, lane);
  return all;
}

// values[i] = values[i]^(whole / 2). REQUIRES: values >= 0, whole > 0.
template <class T>
void raise_by_products(T* values, std::size_t n, unsigned whole) {
  arma::Col<T> powers(values, n);  // a copy
  T* power = powers.memptr();
  if (whole % 2 == 1) {
    for (std::size_t i = 0; i < n; ++i) values[i] = std::sqrt(values[i]);
  } else {
    std::fill_n(values, n, T(1));
  }
  for (unsigned left = whole / 2; left > 0; left /= 2) {
    if (left % 2 == 1) {
      for (std::size_t i = 0; i < n; ++i) values[i] *= power[i];
    }
    if (left == 1) break;
    for (std::size_t i = 0; i < n; ++i) power[i] *= power[i];
  }
}

}  // namespace

template <class T>
Transform<T>::Transform(const ReadoutSpec& spec, const arma::Mat<T>& train)
    : units_(train.n_rows), exponent_(spec.exponent), has_sum_(spec.normalise == "sum") {
  if (spec.normalise == "standardise") fit(train);
}

template <class T>
void Transform<T>::raise(T* values) const {
  if (exponent_ == 1) return;
  const double doubled = 2 * exponent_;
  if (exponent_ <= k_largest_product && doubled == std::floor(doubled)) {
    raise_by_products(values, units_, static_cast<unsigned>(doubled));
  } else {
    const T exponent = static_cast<T>(exponent_);
    for (std::size_t i = 0; i < units_; ++i) values[i] = std::pow(values[i], exponent);
  }
}

template <class T>
void Transform<T>::apply(const T* activity, T* features) const {
  if (exponent_ == 1) {
    if (features != activity) std::copy_n(activity, units_, features);
  } else {
    for (std::size_t i = 0; i < units_; ++i) features[i] = activity[i] > 0 ? activity[i] : T(0);
  }
  if (has_sum_) {
    // Divided out first, so that no power overflows.
    const T largest = folded(features, units_, [](T a, T b) { return a < b ? b : a; });
    if (largest == 0) return;
    for (std::size_t i = 0; i < units_; ++i) features[i] /= largest;
  }
  raise(features);
  if (has_sum_) {
    const T sum = folded(features, units_, [](T a, T b) { return a + b; });
    for (std::size_t i = 0; i < units_; ++i) features[i] /= sum;
  }
  if (mean_.is_empty()) return;
  for (std::size_t i = 0; i < units_; ++i) features[i] = (features[i] - mean_[i]) * scale_[i];
}

// Sums are taken about the first sample, so that a large mean costs no digits.
template <class T>
void Transform<T>::fit(const arma::Mat<T>& train) {
  arma::vec sum(units_, arma::fill::zeros), squares(units_, arma::fill::zeros);
  arma::Col<T> first(units_), features(units_);
  apply(train.colptr(0), first.memptr());
  for (arma::uword k = 0; k < train.n_cols; ++k) {
    apply(train.colptr(k), features.memptr());
    for (std::size_t i = 0; i < units_; ++i) {
      const double x = static_cast<double>(features[i]) - static_cast<double>(first[i]);
      sum[i] += x;
      squares[i] += x * x;
    }
  }
  const auto n = static_cast<double>(train.n_cols);
  arma::Col<T> mean(units_), scale(units_, arma::fill::zeros);
  for (std::size_t i = 0; i < units_; ++i) {
    const double middle = static_cast<double>(first[i]) + sum[i] / n;
    const double variance = squares[i] / n - (sum[i] / n) * (sum[i] / n);
    const double rounding = static_cast<double>(std::numeric_limits<T>::epsilon()) * middle;
    mean[i] = static_cast<T>(middle);
    if (variance > 16 * rounding * rounding) scale[i] = static_cast<T>(1 / std::sqrt(variance));
  }
  mean_ = std::move(mean);
  scale_ = std::move(scale);
}

template class Transform<float>;
template class Transform<double>;

}  // namespace deltaw
