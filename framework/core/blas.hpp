// SPDX-License-Identifier: Apache-2.0
// Matrix products of OpenBLAS on plain memory, without temporaries. One thread a call.
#pragma once

#include <cblas.h>

#include <cstddef>

namespace deltaw {

enum class Op { none, transpose };
enum class Triangle { unit_lower, upper };

// C (m x n) = alpha op(A) op(B) + beta C, all column-major and contiguous; op(A) is m x k.
template <class T>
void gemm(Op op_a, Op op_b, std::size_t m, std::size_t n, std::size_t k, T alpha, const T* a,
          const T* b, T beta, T* c) {
  const auto flag = [](Op op) { return op == Op::none ? CblasNoTrans : CblasTrans; };
  const auto integer = [](std::size_t x) { return static_cast<blasint>(x); };
  const std::size_t ld_a = op_a == Op::none ? m : k;
  const std::size_t ld_b = op_b == Op::none ? k : n;
  if (m == 0 || n == 0) return;
  if constexpr (sizeof(T) == 4) {
    cblas_sgemm(CblasColMajor, flag(op_a), flag(op_b), integer(m), integer(n), integer(k), alpha, a,
                integer(ld_a), b, integer(ld_b), beta, c, integer(m));
  } else {
    cblas_dgemm(CblasColMajor, flag(op_a), flag(op_b), integer(m), integer(n), integer(k), alpha, a,
                integer(ld_a), b, integer(ld_b), beta, c, integer(m));
  }
}

// y (m, or n transposed) = alpha op(A) x + beta y; A is m x n, column-major and contiguous.
template <class T>
void gemv(Op op_a, std::size_t m, std::size_t n, T alpha, const T* a, const T* x, T beta, T* y) {
  const auto flag = op_a == Op::none ? CblasNoTrans : CblasTrans;
  const auto rows = static_cast<blasint>(m), columns = static_cast<blasint>(n);
  if (m == 0 || n == 0) return;
  if constexpr (sizeof(T) == 4) {
    cblas_sgemv(CblasColMajor, flag, rows, columns, alpha, a, rows, x, 1, beta, y, 1);
  } else {
    cblas_dgemv(CblasColMajor, flag, rows, columns, alpha, a, rows, x, 1, beta, y, 1);
  }
}

// B (m x n) = op(A)^-1 B in place; A is that triangle of an m x m matrix, whose rest is not read.
template <class T>
void trsm(Triangle triangle, Op op_a, std::size_t m, std::size_t n, const T* a, T* b) {
  const auto side = triangle == Triangle::upper ? CblasUpper : CblasLower;
  const auto diagonal = triangle == Triangle::upper ? CblasNonUnit : CblasUnit;
  const auto flag = op_a == Op::none ? CblasNoTrans : CblasTrans;
  const auto rows = static_cast<blasint>(m), columns = static_cast<blasint>(n);
  if (m == 0 || n == 0) return;
  if constexpr (sizeof(T) == 4) {
    cblas_strsm(CblasColMajor, CblasLeft, side, flag, diagonal, rows, columns, 1, a, rows, b, rows);
  } else {
    cblas_dtrsm(CblasColMajor, CblasLeft, side, flag, diagonal, rows, columns, 1, a, rows, b, rows);
  }
}

// Runs are parallel, each with one thread: call once at the start of the program.
inline void use_single_threaded_blas() { openblas_set_num_threads(1); }

}  // namespace deltaw
