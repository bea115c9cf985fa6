// SPDX-License-Identifier: Apache-2.0
// Cells are parsed in place with from_chars, which knows no locale.
#include "task/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "task/line_source.hpp"

namespace deltaw {
namespace {

std::string_view trimmed(std::string_view cell) {
  const auto is_padding = [](char c) { return c == ' ' || c == '\t'; };
  while (!cell.empty() && is_padding(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_padding(cell.back())) cell.remove_suffix(1);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
    cell = cell.substr(1, cell.size() - 2);
  }
  return cell;
}

char separator_of(std::string_view line) {
  for (const char candidate : {';', '\t'}) {
    if (line.find(candidate) != std::string_view::npos) return candidate;
  }
  return ',';
}

void split_cells(std::string_view line, char separator, std::vector<std::string_view>& cells) {
  cells.clear();
  for (;;) {
    const std::size_t end = line.find(separator);
    cells.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

template <class T>
std::optional<T> parse(std::string_view cell) {
  T value = {};
  const char* const end = cell.data() + cell.size();
  const auto result = std::from_chars(cell.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

bool has_header(const std::vector<std::string_view>& cells, const std::string& header) {
  if (header == "yes" || header == "no") return header == "yes";
  if (header != "auto") {
    throw Error(Code::E503, fmt::format("unknown value '{}' of 'header'", header),
                {.hint = suggest(header, {"auto", "yes", "no"})});
  }
  return std::none_of(cells.begin(), cells.end(),
                      [](std::string_view cell) { return parse<double>(cell).has_value(); });
}

std::size_t label_column(const std::vector<std::string_view>& cells, bool is_header,
                         const std::string& label, const std::string& file) {
  if (label == "first") return 0;
  if (label == "last") return cells.size() - 1;
  const auto found = std::find(cells.begin(), cells.end(), label);
  if (is_header && found != cells.end()) return static_cast<std::size_t>(found - cells.begin());
  throw Error(
      Code::E402, fmt::format("'{}' has no label column '{}'", file, label),
      {.expected = "\"first\", \"last\" or a name in the first row",
       .found = is_header ? "no such name" : "no header in the first row",
       .hint = is_header ? suggest(label, std::vector<std::string>(cells.begin(), cells.end()))
                         : "label \"last\", or header \"yes\""});
}

Error wrong_cell(const LineSource& lines, std::size_t column, std::string_view cell,
                 const std::string& what, const std::string& expected,
                 const std::string& hint = "") {
  constexpr std::size_t shown = 40;
  return Error(
      Code::E403,
      fmt::format("{}:{}: column {}: {}", lines.name(), lines.number(), column + 1, what),
      {.expected = expected, .found = fmt::format("'{}'", cell.substr(0, shown)), .hint = hint});
}

std::uint32_t label_of(std::string_view cell, std::size_t column, const std::string& label,
                       const LineSource& lines) {
  const auto value = parse<std::uint32_t>(cell);
  if (value) return *value;
  throw wrong_cell(lines, column, cell, "wrong label", "a whole number from 0",
                   fmt::format("{} is taken for the label; {}, if it is elsewhere",
                               label_column_name(label), k_other_label_column));
}

double feature_of(std::string_view cell, std::size_t column, double maximum,
                  const LineSource& lines) {
  const auto value = parse<double>(cell);
  if (!value || !(std::abs(*value) <= std::numeric_limits<float>::max())) {
    throw wrong_cell(lines, column, cell, "wrong value", "a finite number");
  }
  if (maximum > 0 && (*value < 0 || *value > maximum)) {
    throw wrong_cell(lines, column, cell, "value out of range",
                     fmt::format("a number in 0 .. {}", maximum));
  }
  return *value;
}

void append(CsvSamples& samples, double value) {
  auto* bytes = std::get_if<std::vector<std::uint8_t>>(&samples.values);
  if (bytes != nullptr && value >= 0 && value <= 255 && value == std::floor(value)) {
    bytes->push_back(static_cast<std::uint8_t>(value));
    return;
  }
  if (bytes != nullptr) samples.values = std::vector<float>(bytes->begin(), bytes->end());
  std::get<std::vector<float>>(samples.values).push_back(static_cast<float>(value));
}

void check_width(const std::vector<std::string_view>& cells, std::size_t width,
                 const LineSource& lines) {
  if (cells.size() == width) return;
  throw Error(Code::E401, fmt::format("{}:{}: row of another length", lines.name(), lines.number()),
              {.expected = fmt::format("{} cells", width),
               .found = fmt::format("{}", cells.size()),
               .hint = "the file may be truncated; separators are comma, semicolon or tab"});
}

}  // namespace

std::string label_column_name(const std::string& label) {
  if (label == "first" || label == "last") return fmt::format("the {} column", label);
  return fmt::format("column '{}'", label);
}

void read_csv(const std::filesystem::path& file, const CsvOptions& options, CsvSamples& samples) {
  LineSource lines(file);
  std::string_view line;
  if (!lines.next(line)) {
    throw Error(Code::E401, fmt::format("CSV file '{}' is empty", lines.name()));
  }
  const char separator = separator_of(line);
  std::vector<std::string_view> cells;
  split_cells(line, separator, cells);
  const std::size_t width = cells.size();
  const bool skip_first = has_header(cells, options.header);
  const std::size_t label = label_column(cells, skip_first, options.label, lines.name());
  if (width < 2 || (samples.features != 0 && samples.features != width - 1)) {
    throw Error(Code::E402, fmt::format("'{}' has another number of columns", lines.name()),
                {.expected = samples.features == 0 ? "at least 2: a feature and the label"
                                                   : fmt::format("{}", samples.features + 1),
                 .found = fmt::format("{}", width)});
  }
  samples.features = width - 1;
  const std::size_t before = samples.labels.size();
  for (bool more = !skip_first || lines.next(line); more; more = lines.next(line)) {
    split_cells(line, separator, cells);
    check_width(cells, width, lines);
    for (std::size_t column = 0; column < width; ++column) {
      if (column == label) {
        samples.labels.push_back(label_of(cells[column], column, options.label, lines));
      } else {
        append(samples, feature_of(cells[column], column, options.maximum, lines));
      }
    }
  }
  if (samples.labels.size() == before) {
    throw Error(Code::E401,
                fmt::format("CSV file '{}' has no rows below its header", lines.name()));
  }
}

}  // namespace deltaw
