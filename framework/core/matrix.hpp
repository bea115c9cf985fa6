// SPDX-License-Identifier: Apache-2.0
// Memory that crosses the ABI: 64-byte aligned, column-major, rows are units, columns observations.
// Views are plain arma::Mat over that memory; their size is fixed. One writer at a time.
#pragma once

#include <deltaw/abi.h>

#include <armadillo>
#include <cstddef>
#include <memory>
#include <new>

namespace deltaw {

// A matrix that shares memory and never detaches from it.
template <class T>
[[nodiscard]] arma::Mat<T> view(T* data, std::size_t rows, std::size_t cols) {
  return arma::Mat<T>(data, rows, cols, false, true);
}

// Memory for `rows` x up to `columns` values, zero at first.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::size_t rows, std::size_t columns)
      : rows_(rows),
        columns_(columns),
        data_(static_cast<T*>(::operator new(rows* columns * sizeof(T) + 1, k_alignment))) {
    zero();
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t size() const { return rows_ * columns_; }
  [[nodiscard]] T* data() const { return data_.get(); }

  // The first k columns. REQUIRES: k <= columns().
  [[nodiscard]] arma::Mat<T> first(std::size_t k) const { return view(data_.get(), rows_, k); }
  [[nodiscard]] arma::Mat<T> all() const { return first(columns_); }
  void zero() { std::fill_n(data_.get(), size(), T(0)); }

 private:
  static constexpr std::align_val_t k_alignment{64};
  struct Free {
    void operator()(T* data) const { ::operator delete(data, k_alignment); }
  };

  std::size_t rows_ = 0, columns_ = 0;
  std::unique_ptr<T, Free> data_;
};

template <class T>
inline constexpr std::uint32_t dtype_number = sizeof(T) == 4 ? DELTAW_F32 : DELTAW_F64;

// The ABI's view of memory that a rule may only read, or of one that it may write.
template <class T>
[[nodiscard]] deltaw_matrix readonly(const T* data, std::size_t rows, std::size_t cols) {
  return {const_cast<T*>(data), rows, cols, rows, dtype_number<T>, DELTAW_READONLY};
}
template <class T>
[[nodiscard]] deltaw_matrix writable(T* data, std::size_t rows, std::size_t cols) {
  return {data, rows, cols, rows, dtype_number<T>, 0};
}

}  // namespace deltaw
