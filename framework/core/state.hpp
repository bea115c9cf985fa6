// SPDX-License-Identifier: Apache-2.0
// A tagged binary stream for everything that a resumed run must find again: each record carries its
// name, kind and shape, and is read in the order it was written. One stream per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

namespace detail {
enum class StateKind : std::uint8_t { integer = 1, real = 2, text = 3, float32 = 4, float64 = 5 };
struct StateRecord {
  StateKind kind;
  std::uint64_t rows, cols;
  std::span<const std::byte> payload;
};
}  // namespace detail

class StateWriter {
 public:
  StateWriter();

  void integer(std::string_view name, std::uint64_t value);
  void real(std::string_view name, double value);
  void text(std::string_view name, std::string_view value);  // any bytes
  // A column-major matrix without padding. REQUIRES: data holds rows * cols values.
  void matrix(std::string_view name, const float* data, std::size_t rows, std::size_t cols);
  void matrix(std::string_view name, const double* data, std::size_t rows, std::size_t cols);

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }
  // Of the values of all matrices.
  [[nodiscard]] std::size_t matrix_bytes() const { return matrix_bytes_; }

 private:
  void record(std::string_view name, detail::StateKind kind, std::size_t rows, std::size_t cols,
              std::span<const std::byte> payload);

  std::vector<std::byte> bytes_;
  std::size_t matrix_bytes_ = 0;
};

// Every method throws E306 when the stream is no state of deltaw, is truncated, or the next record
// has another name, kind, shape or range than asked for. Does not own the bytes.
class StateReader {
 public:
  explicit StateReader(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint64_t integer(std::string_view name);
  // An integer of at most `most`.
  [[nodiscard]] std::uint64_t at_most(std::uint64_t most, std::string_view name);
  // How many values follow, of a byte or more each: no more than there are bytes left.
  [[nodiscard]] std::size_t count(std::string_view name);
  [[nodiscard]] double real(std::string_view name);
  [[nodiscard]] std::string text(std::string_view name);
  // Fills data[rows * cols]; the stored shape and precision must be these.
  void matrix(std::string_view name, float* data, std::size_t rows, std::size_t cols);
  void matrix(std::string_view name, double* data, std::size_t rows, std::size_t cols);
  // Reads an integer or a text that must be equal to `expected`.
  void expect(std::string_view name, std::uint64_t expected);
  void expect(std::string_view name, std::string_view expected);
  // Throws unless everything has been read.
  void finish() const;

 private:
  detail::StateRecord next(std::string_view name, detail::StateKind kind);
  detail::StateRecord matrix_record(std::string_view name, detail::StateKind kind, std::size_t rows,
                                    std::size_t cols);
  std::span<const std::byte> take(std::size_t count);
  template <class V>
  V value();

  std::span<const std::byte> rest_;
};

}  // namespace deltaw
