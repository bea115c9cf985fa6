// SPDX-License-Identifier: Apache-2.0
// One pass over the weights in memory order: a class of sources is a run of columns.
#include "network/sign.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

// Comparisons are written so that NaN passes through.
template <class T>
void keep_nonnegative(T* first, T* last, bool reflect) {
  if (reflect) {
    for (T* w = first; w != last; ++w) *w = std::abs(*w);
  } else {
    for (T* w = first; w != last; ++w) *w = *w < 0 ? T(0) : *w;
  }
}

template <class T>
void keep_nonpositive(T* first, T* last, bool reflect) {
  if (reflect) {
    for (T* w = first; w != last; ++w) *w = -std::abs(*w);
  } else {
    for (T* w = first; w != last; ++w) *w = *w > 0 ? T(0) : *w;
  }
}

}  // namespace

template <class T>
void keep_sign(arma::Mat<T>& weights, const ConstraintSpec& spec) {
  const bool reflect = spec.by == "reflection";
  if (!reflect && spec.by != "projection") {
    throw Error(Code::E503, fmt::format("unknown way to keep the sign: '{}'", spec.by),
                {.hint = suggest(spec.by, {"reflection", "projection"})});
  }
  T *const first = weights.memptr(), *const last = first + weights.n_elem;
  if (spec.sign == "none") return;
  if (spec.sign == "nonnegative") return keep_nonnegative(first, last, reflect);
  if (spec.sign == "nonpositive") return keep_nonpositive(first, last, reflect);
  if (spec.sign != "dale") {
    throw Error(Code::E503, fmt::format("unknown sign constraint '{}'", spec.sign),
                {.hint = suggest(spec.sign, {"none", "nonnegative", "nonpositive", "dale"})});
  }
  if (spec.excitatory > weights.n_cols) {
    throw Error(Code::E503, "Dale's law has more excitatory units than there are sources",
                {.expected = fmt::format("at most {}", weights.n_cols),
                 .found = fmt::format("{}", spec.excitatory)});
  }
  T* const middle = first + spec.excitatory * weights.n_rows;
  keep_nonnegative(first, middle, reflect);
  keep_nonpositive(middle, last, reflect);
}

template void keep_sign(arma::Mat<float>&, const ConstraintSpec&);
template void keep_sign(arma::Mat<double>&, const ConstraintSpec&);

}  // namespace deltaw
