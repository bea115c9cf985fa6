// SPDX-License-Identifier: Apache-2.0
// The products of a convolutional connection, by oneDNN. One instance an Activity; one thread at a
// time.
#pragma once

#include <cstddef>
#include <memory>

#include "network/patches.hpp"

namespace deltaw {

// With W the weights (filters x patches.size()), x and z the activity of source and target (units x
// K), P(x) the squares of gather_patches(), and z lying as filters x (positions K): z = W P(x).
template <class T>
class Convolution {
 public:
  // Error: E519 for float64, for which oneDNN has no kernel.
  explicit Convolution(const Patches& patches);
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;
  ~Convolution();

  // potential = W P(source) + bias (filters; null for none) at every place.
  void forward(std::size_t k, const T* source, const T* weights, const T* bias, T* potential);
  // grad_source = beta grad_source + the transposed product of grad_potential.
  void vjp(std::size_t k, const T* grad_potential, const T* weights, T beta, T* grad_source);
  // delta += scale grad_potential P(source)^T.
  void gradient(std::size_t k, const T* source, const T* grad_potential, T scale, T* delta);

 private:
  struct Passes;
  struct Cache;

  Patches patches_;
  std::unique_ptr<Cache> cache_;
};

extern template class Convolution<float>;
extern template class Convolution<double>;

}  // namespace deltaw
