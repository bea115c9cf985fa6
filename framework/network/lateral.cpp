// SPDX-License-Identifier: Apache-2.0
// A rank-one correction for uniform strength, triangular solves for any other L.
#include "network/lateral.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/blas.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

// How far below 1 the real parts must stay, for rounding to mean nothing.
constexpr double k_margin = 1e-12;

arma::mat matrix_of(const LateralSpec& spec) {
  arma::mat L(spec.weights.size(), spec.weights.size());
  for (arma::uword i = 0; i < L.n_rows; ++i) L.row(i) = arma::rowvec(spec.weights[i]);
  return L;
}

void check_uniform(double strength, std::size_t units) {
  if (!std::isfinite(strength)) {
    throw Error(Code::E503, "the strength of lateral connections is not finite",
                {.found = fmt::format("{}", strength)});
  }
  if (units == 1) return;  // alone
  const double most = 1 / static_cast<double>(units - 1);
  if (strength > -1 + k_margin && strength < most * (1 - k_margin)) return;
  throw Error(
      Code::E514, fmt::format("lateral connections of {} units are too strong", units),
      {.expected = fmt::format("a strength above -1 and below 1 / ({} - 1) = {:g}", units, most),
       .found = fmt::format("{:g}", strength),
       .hint = strength <= -1
                   ? "a strength below 0 inhibits, but must stay above -1: -0.1"
                   : fmt::format("a strength below 0, such as -0.1, inhibits; one above 0 excites, "
                                 "and among {} units must stay below {:g}",
                                 units, most)});
}

void check_weights(const LateralSpec& spec, std::size_t units) {
  const auto& rows = spec.weights;
  const auto odd = std::ranges::find_if(rows, [&](const auto& row) { return row.size() != units; });
  if (rows.size() != units || odd != rows.end()) {
    throw Error(Code::E205, "the lateral weights do not fit their layer",
                {.expected = fmt::format("{} x {} weights", units, units),
                 .found = rows.size() != units ? fmt::format("{} rows", rows.size())
                                               : fmt::format("{} weights in row {}", odd->size(),
                                                             odd - rows.begin())});
  }
  const arma::mat L = matrix_of(spec);
  if (!L.is_finite()) {
    const arma::uword place = arma::uvec(arma::find_nonfinite(L))[0];
    throw Error(Code::E503,
                fmt::format("lateral weight ({}, {}) is not finite", place % units, place / units),
                {.found = fmt::format("{}", L[place])});
  }
  // No eigenvalue reaches beyond those of the symmetric part, and of that Cholesky tells at once.
  const arma::mat one(units, units, arma::fill::eye);
  arma::mat factor;
  if (arma::chol(factor, (1 - k_margin) * one - (L + L.t()) / 2)) return;
  const double largest = arma::real(arma::eig_gen(L)).max();
  if (largest < 1 - k_margin) return;
  throw Error(Code::E514, "lateral weights are singular or beyond: the units would not settle",
              {.expected = "eigenvalues with real parts below 1",
               .found = fmt::format("{:g}", largest),
               .hint = "weaker lateral weights: divide them by more than that number"});
}

}  // namespace

void check_lateral(const LateralSpec& spec, std::size_t units) {
  if (spec.weights.empty()) {
    check_uniform(spec.strength, units);
  } else {
    check_weights(spec, units);
  }
}

template <class T>
Lateral<T>::Lateral(const LateralSpec& spec, std::size_t units) {
  check_lateral(spec, units);
  if (spec.weights.empty()) {
    if (units == 1) return;
    const double s = spec.strength, n = static_cast<double>(units);
    own_ = static_cast<T>(1 / (1 + s));
    shared_ = static_cast<T>(s / (1 + s - s * n));
    return;
  }
  const arma::mat one(units, units, arma::fill::eye);
  arma::mat lower, upper, permutation;
  arma::lu(lower, upper, permutation, one - matrix_of(spec));
  factors_ = arma::conv_to<arma::Mat<T>>::from(lower - one + upper);
  // Row i of the permutation takes row source[i]; earlier swaps may have moved it.
  const arma::uvec source = arma::index_max(permutation, 1);
  for (arma::uword i = 0; i < units; ++i) {
    arma::uword from = source[i];
    while (from < i) from = swaps_[from];
    swaps_.push_back(from);
  }
}

template <class T>
void Lateral<T>::add_mean_field(arma::Mat<T>& values) const {
  for (arma::uword k = 0; k < values.n_cols; ++k) {
    T* column = values.colptr(k);
    const T sum = arma::accu(arma::Col<T>(column, values.n_rows, false, true));
    const T field = own_ * shared_ * sum;
    for (arma::uword i = 0; i < values.n_rows; ++i) column[i] = own_ * column[i] + field;
  }
}

template <class T>
void Lateral<T>::settle(arma::Mat<T>& drive) const {
  if (factors_.empty()) return add_mean_field(drive);
  for (arma::uword k = 0; k < drive.n_cols; ++k) {
    T* column = drive.colptr(k);
    for (arma::uword i = 0; i < swaps_.size(); ++i) std::swap(column[i], column[swaps_[i]]);
  }
  trsm<T>(Triangle::unit_lower, Op::none, drive.n_rows, drive.n_cols, factors_.memptr(),
          drive.memptr());
  trsm<T>(Triangle::upper, Op::none, drive.n_rows, drive.n_cols, factors_.memptr(), drive.memptr());
}

template <class T>
void Lateral<T>::settle_transposed(arma::Mat<T>& grad) const {
  if (factors_.empty()) return add_mean_field(grad);
  trsm<T>(Triangle::upper, Op::transpose, grad.n_rows, grad.n_cols, factors_.memptr(),
          grad.memptr());
  trsm<T>(Triangle::unit_lower, Op::transpose, grad.n_rows, grad.n_cols, factors_.memptr(),
          grad.memptr());
  for (arma::uword k = 0; k < grad.n_cols; ++k) {
    T* column = grad.colptr(k);
    for (arma::uword i = swaps_.size(); i-- > 0;) std::swap(column[i], column[swaps_[i]]);
  }
}

template class Lateral<float>;
template class Lateral<double>;

}  // namespace deltaw
