// SPDX-License-Identifier: Apache-2.0
// Matrix products of parts of larger matrices, by oneDNN in single precision and by OpenBLAS in
// double: of small ones, 32 columns wide, oneDNN 2.6 makes a quarter more a second. One thread a
// call.
#pragma once

#include <cstddef>

#include "core/blas.hpp"

namespace deltaw {

// Columns that lie `step` elements apart.
template <class T>
struct Block {
  T* data;
  std::size_t step;
};

// C (m x n) = alpha op(A) op(B) + beta C, all column-major; op(A) is m x k.
void multiply(Op op_a, Op op_b, std::size_t m, std::size_t n, std::size_t k, float alpha,
              Block<const float> a, Block<const float> b, float beta, Block<float> c);
void multiply(Op op_a, Op op_b, std::size_t m, std::size_t n, std::size_t k, double alpha,
              Block<const double> a, Block<const double> b, double beta, Block<double> c);

}  // namespace deltaw
