// SPDX-License-Identifier: Apache-2.0
// Matrices in NumPy's .npy format, version 1.0, Fortran order: numpy.load opens them directly.
// Free functions without state: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace deltaw {

// A rows x columns matrix, column after column.
struct NpyMatrix {
  std::size_t rows = 0, columns = 0;
  std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>> values;

  // The value at (row, column) as double. REQUIRES: both in range.
  [[nodiscard]] double at(std::size_t row, std::size_t column) const;
};

// The bytes of a .npy file. REQUIRES: rows * columns values.
[[nodiscard]] std::string npy_bytes(const NpyMatrix& matrix);

// What a .npy file holds, from its header alone. Error: E603, as read_npy().
struct NpyShape {
  std::string type;  // "<f4", "<f8" or "<i8"
  std::size_t rows = 0, columns = 0;
};
[[nodiscard]] NpyShape npy_shape(const std::filesystem::path& file);

// Reads '<f4', '<f8' and '<i8' of one or two dimensions, in C or Fortran order; one dimension
// becomes a column. Error: E603 for a missing, damaged or other file.
[[nodiscard]] NpyMatrix read_npy(const std::filesystem::path& file);

}  // namespace deltaw
