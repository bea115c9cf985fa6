// SPDX-License-Identifier: Apache-2.0
// Column by column.
#include "network/normalise.hpp"

#include <cmath>
#include <numeric>

namespace deltaw {

template <class T>
Normalise<T>::Normalise(std::size_t units, std::size_t max_columns)
    : units_(units), factors_(1, max_columns) {}

template <class T>
void Normalise<T>::forward(std::size_t k, const T* x, T* out) {
  constexpr T least = T(1e-8);
  const auto n = static_cast<T>(units_);
  for (std::size_t column = 0; column < k; ++column) {
    const T* in = x + column * units_;
    const T factor = 1 / std::sqrt(std::inner_product(in, in + units_, in, T(0)) / n + least);
    for (std::size_t i = 0; i < units_; ++i) out[column * units_ + i] = factor * in[i];
    factors_.data()[column] = factor;
  }
}

template <class T>
void Normalise<T>::vjp(std::size_t k, const T* out, const T* grad, T beta, T* grad_x) const {
  const auto n = static_cast<T>(units_);
  for (std::size_t column = 0; column < k; ++column) {
    const T *y = out + column * units_, *g = grad + column * units_;
    T* to = grad_x + column * units_;
    const T along = std::inner_product(y, y + units_, g, T(0)) / n;
    for (std::size_t i = 0; i < units_; ++i) {
      const T own = factors_.data()[column] * (g[i] - along * y[i]);
      to[i] = beta == 0 ? own : beta * to[i] + own;
    }
  }
}

template class Normalise<float>;
template class Normalise<double>;

}  // namespace deltaw
