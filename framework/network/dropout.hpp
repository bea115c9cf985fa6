// SPDX-License-Identifier: Apache-2.0
// Dropout (Srivastava et al. 2014, JMLR 15:1929): in training, units are silent at random, others
// larger by what is missing on average. One instance an Activity; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/matrix.hpp"

namespace deltaw {

template <class T>
class Dropout {
 public:
  // `share`: the probability that a unit is silent, 0 to below 1; draws are keyed by the layer's
  // name.
  Dropout(const std::string& layer, double share, std::size_t units);

  // From now on silences units in the first k columns, by (seed, layer, number).
  void draw(std::uint64_t seed, std::uint64_t number, std::size_t k);

  // out (units x k) = beta out + the factors times x; before the first draw() they are 1. The
  // vector-Jacobian product is the same.
  void apply(std::size_t k, const T* x, T beta, T* out) const;

 private:
  std::string purpose_;
  double share_;
  std::size_t units_;
  Buffer<T> factors_;  // units x columns: 0 or 1 / (1 - share)
};

extern template class Dropout<float>;
extern template class Dropout<double>;

}  // namespace deltaw
