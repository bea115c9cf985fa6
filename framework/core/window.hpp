// SPDX-License-Identifier: Apache-2.0
// Which observations of a block count. Plain values and pure functions: any thread.
#pragma once

#include <algorithm>
#include <armadillo>
#include <cstddef>

#include "core/matrix.hpp"

namespace deltaw {

// Steps first, first + 1, ..., last - 1.
struct Window {
  std::size_t first = 0, last = 0;

  [[nodiscard]] std::size_t size() const { return last - first; }
  [[nodiscard]] bool holds(std::size_t step) const { return first <= step && step < last; }
};

// Those columns of `m`, as a view of the same memory.
template <class T>
[[nodiscard]] arma::Mat<T> columns_of(const arma::Mat<T>& m, const Window& window) {
  return view(const_cast<T*>(m.memptr()) + window.first * m.n_rows, m.n_rows, window.size());
}

// Sets all columns of `m` (units x K) outside the window to 0.
template <class T>
void clear_outside(const Window& window, arma::Mat<T>& m) {
  std::fill(m.memptr(), m.memptr() + window.first * m.n_rows, T(0));
  std::fill(m.memptr() + window.last * m.n_rows, m.memptr() + m.n_elem, T(0));
}

}  // namespace deltaw
