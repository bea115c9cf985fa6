// SPDX-License-Identifier: Apache-2.0
// Squared and absolute error, cross-entropy.
#include "network/loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

// -t log p, with 0 log 0 = 0 and a finite price for p = 0.
template <class T>
T surprise(T t, T p) {
  return t == 0 ? T(0) : -t * std::log(std::max(p, std::numeric_limits<T>::min()));
}

}  // namespace

template <class T>
Loss<T>::Loss(const LossSpec& spec, const Activation<T>& output)
    : output_(output), exists_(!spec.is_none()) {
  if (spec.type == "cross-entropy") {
    is_cross_entropy_ = true;
    if (!output.is_softmax() && !output.is_sigmoid()) {
      throw Error(Code::E503, "cross-entropy needs an output between 0 and 1",
                  {.expected = "output activation softmax or sigmoid",
                   .hint = "\"loss\": \"mse\", or another output activation"});
    }
  } else if (spec.type == "absolute") {
    is_absolute_ = true;
  } else if (exists_ && spec.type != "mse") {
    throw Error(Code::E503, fmt::format("no loss '{}'", spec.type),
                {.hint = suggest(spec.type, {"cross-entropy", "mse", "absolute", "none"})});
  }
  if (spec.reduction != "samples" && spec.reduction != "both") {
    throw Error(Code::E503, fmt::format("no reduction '{}'", spec.reduction),
                {.hint = suggest(spec.reduction, {"samples", "both"})});
  }
  is_mean_over_units_ = spec.reduction == "both";
}

template <class T>
void Loss<T>::values(const arma::Mat<T>& post, const arma::Mat<T>& target,
                     arma::Mat<T>& out) const {
  const T scale = is_mean_over_units_ && !is_cross_entropy_ ? 1 / static_cast<T>(post.n_rows) : 1;
  for (arma::uword k = 0; k < post.n_cols; ++k) {
    const T *p = post.colptr(k), *t = target.colptr(k);
    T sum = 0;
    for (arma::uword i = 0; i < post.n_rows; ++i) {
      if (is_absolute_) {
        sum += std::abs(p[i] - t[i]);
      } else if (!is_cross_entropy_) {
        sum += (p[i] - t[i]) * (p[i] - t[i]);
      } else {
        sum += surprise(t[i], p[i]);
        if (output_.is_sigmoid()) sum += surprise(1 - t[i], 1 - p[i]);
      }
    }
    out[k] = scale * sum;
  }
}

template <class T>
T Loss<T>::slope(T difference, T scale) const {
  return scale * (is_absolute_ ? static_cast<T>((difference > 0) - (difference < 0)) : difference);
}

template <class T>
void Loss<T>::gradient(const arma::Mat<T>& potential, const arma::Mat<T>& post,
                       const arma::Mat<T>& target, arma::Mat<T>& out) const {
  const T scale = slope_scale(post.n_rows) / static_cast<T>(post.n_cols);
  const T *p = post.memptr(), *t = target.memptr();
  T* g = out.memptr();
  for (arma::uword i = 0; i < post.n_elem; ++i) g[i] = slope(p[i] - t[i], scale);
  if (!is_cross_entropy_) output_.vjp(potential, post, out, out);
}

template <class T>
T Loss<T>::slope_scale(std::size_t units) const {
  if (is_cross_entropy_) return 1;
  const T scale = is_absolute_ ? 1 : 2;
  return is_mean_over_units_ ? scale / static_cast<T>(units) : scale;
}

template <class T>
void Loss<T>::push(const arma::Mat<T>& post, const arma::Mat<T>& target, T strength,
                   arma::Mat<T>& drive) const {
  const T scale = strength * slope_scale(post.n_rows);
  const T *p = post.memptr(), *t = target.memptr();
  T* d = drive.memptr();
  for (arma::uword i = 0; i < post.n_elem; ++i) d[i] -= slope(p[i] - t[i], scale);
}

template class Loss<float>;
template class Loss<double>;

}  // namespace deltaw
