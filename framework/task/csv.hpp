// SPDX-License-Identifier: Apache-2.0
// Reader of CSV files with one labelled sample a row. Pure function: any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace deltaw {

struct CsvOptions {
  std::string label = "last";   // "last", "first", or the name of the label's column
  std::string header = "auto";  // "yes", "no", "auto": yes when no cell of row 1 is a number
  double maximum = 0;           // above 0: features must lie in 0 .. maximum
};

// "the last column", "column 'digit'": what a message calls the place that CsvOptions::label names.
[[nodiscard]] std::string label_column_name(const std::string& label);

// What to try when the label is looked for in the wrong place.
inline constexpr const char* k_other_label_column =
    "\"label\": \"first\", \"last\" or a column's name in the task";

struct CsvSamples {
  // Features of a row, row after row. Bytes until a value is not one: most images stay bytes.
  std::variant<std::vector<std::uint8_t>, std::vector<float>> values;
  std::vector<std::uint32_t> labels;
  std::size_t features = 0;
};

// Appends the rows of `file` (plain or compressed; comma, semicolon or tab; CR LF or LF) to
// `samples`. Errors: E400 not readable; E401 rows of different length, no rows; E402 no such label
// column, other number of features than `samples` has; E403 a cell that is no finite number, a
// value out of range, a label that is no whole number, each with line and column.
void read_csv(const std::filesystem::path& file, const CsvOptions& options, CsvSamples& samples);

}  // namespace deltaw
