// SPDX-License-Identifier: Apache-2.0
// Activity without its length: what a layer tells the next one about how its units compare, and not
// how active they are (layer normalisation without the mean, Ba et al. 2016, arXiv:1607.06450; as
// Hinton 2022, arXiv:2212.13345, uses it). One instance an Activity; one thread at a time.
#pragma once

#include <cstddef>

#include "core/matrix.hpp"

namespace deltaw {

template <class T>
class Normalise {
 public:
  Normalise(std::size_t units, std::size_t max_columns);

  // out (units x k) = x / sqrt(<x²> + 1e-8), the mean over the units of each column.
  void forward(std::size_t k, const T* x, T* out);
  // grad_x = beta grad_x + Jᵀ grad, all units x k, with `out` of the latest forward().
  void vjp(std::size_t k, const T* out, const T* grad, T beta, T* grad_x) const;

 private:
  std::size_t units_;
  Buffer<T> factors_;  // 1 x columns
};

extern template class Normalise<float>;
extern template class Normalise<double>;

}  // namespace deltaw
