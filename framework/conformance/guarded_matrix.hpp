// SPDX-License-Identifier: Apache-2.0
// A matrix of the ABI whose surroundings are known: filler on both sides and between its columns,
// unreadable pages beyond. So whoever looks or writes past the view is found out. One thread.
#pragma once

#include <deltaw/abi.h>

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace deltaw {

class GuardedMatrix {
 public:
  // Of `dtype` DELTAW_*, rows x up to max_columns, `padding` elements between columns. The
  // surroundings hold one of three values, by `filler`: 0, 1 or 2.
  GuardedMatrix(std::uint32_t dtype, std::size_t rows, std::size_t max_columns, std::size_t padding,
                int filler);
  ~GuardedMatrix();
  GuardedMatrix(GuardedMatrix&& other) noexcept;
  GuardedMatrix& operator=(GuardedMatrix&&) = delete;

  // Whoever writes to memory that is read-only crashes.
  void set_read_only(bool is_read_only);
  // REQUIRES: as many rows, at most max_columns.
  void set(const arma::mat& values);
  // `columns` of it from `first` on. `flags`: DELTAW_READONLY or 0.
  [[nodiscard]] deltaw_matrix view(std::size_t first, std::size_t columns,
                                   std::uint32_t flags) const;
  // The bits of an entry of the view, as a number.
  [[nodiscard]] std::uint64_t bits(std::size_t row, std::size_t column) const;

  // Notes all memory as it is now; is_untouched() compares with it, is_untouched_around() without
  // the entries themselves.
  void remember();
  [[nodiscard]] bool is_untouched() const;
  [[nodiscard]] bool is_untouched_around() const;

 private:
  [[nodiscard]] std::byte* entry(std::size_t row, std::size_t column) const;
  void put(std::byte* place, double value) const;

  std::uint32_t dtype_;
  std::size_t size_;  // of an element, in bytes
  std::size_t rows_, max_columns_, ld_;
  std::size_t page_, area_;      // bytes: of a page, of what can be read
  std::byte* memory_ = nullptr;  // a page, the area, a page
  std::vector<std::byte> remembered_;
};

}  // namespace deltaw
