// SPDX-License-Identifier: Apache-2.0
// Armadillo views of the host's matrices, without copies: strict, so that a view never detaches.
// Views are valid as long as the call that was given the matrix.
#pragma once

#include <deltaw/abi.h>

#include <armadillo>
#include <stdexcept>
#include <type_traits>

namespace deltaw {

// The dtype number of an element type.
template <class T>
constexpr std::uint32_t dtype_of() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> ||
                    std::is_same_v<T, arma::u32> || std::is_same_v<T, arma::u8>,
                "matrices hold float, double, uint32 or uint8");
  if constexpr (std::is_same_v<T, float>) return DELTAW_F32;
  if constexpr (std::is_same_v<T, double>) return DELTAW_F64;
  if constexpr (std::is_same_v<T, arma::u8>) return DELTAW_U8;
  return DELTAW_U32;
}

// A matrix that shares memory with `m`. Throws std::invalid_argument when the element type differs
// or when the columns are not contiguous.
template <class T>
arma::Mat<T> view(const deltaw_matrix& m) {
  if (m.dtype != dtype_of<T>()) throw std::invalid_argument("matrix has another element type");
  if (m.ld != m.rows) throw std::invalid_argument("matrix is strided");
  return arma::Mat<T>(static_cast<T*>(m.data), m.rows, m.cols, false, true);
}

// The ABI's view of an Armadillo matrix.
template <class T>
deltaw_matrix matrix_of(const arma::Mat<T>& m, std::uint32_t flags = 0) {
  return {const_cast<T*>(m.memptr()), m.n_rows, m.n_cols, m.n_rows, dtype_of<T>(), flags};
}

// Columns 0 .. k-1 of a matrix that was made for the widest block, sharing its memory.
template <class T>
arma::Mat<T> first_columns(arma::Mat<T>& m, arma::uword k) {
  return arma::Mat<T>(m.memptr(), m.n_rows, k, false, true);
}

}  // namespace deltaw
