// SPDX-License-Identifier: Apache-2.0
// Writing and reading back metrics.csv.
#include "result/metrics_csv.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/error.hpp"

namespace deltaw {
namespace {

using Measured = std::optional<double> EpochRow::*;
struct Column {
  std::string_view name;
  Measured value;
};
constexpr std::array<Column, 7> measured = {{
    {"train_loss", &EpochRow::train_loss},
    {"train_accuracy", &EpochRow::train_accuracy},
    {"validation_loss", &EpochRow::validation_loss},
    {"validation_accuracy", &EpochRow::validation_accuracy},
    {"test_loss", &EpochRow::test_loss},
    {"test_accuracy", &EpochRow::test_accuracy},
    {"alignment", &EpochRow::alignment},
}};
constexpr std::size_t first_measured = 5;  // after rule, seed, epoch, updates, seconds

std::string header() {
  std::string line = "rule,seed,epoch,updates,seconds";
  for (const Column& column : measured) line += fmt::format(",{}", column.name);
  return line;
}

[[noreturn]] void damaged(std::string_view origin, std::size_t line, const std::string& found) {
  throw Error(Code::E603, fmt::format("{}:{}: not a line of metrics", origin, line),
              {.expected = header(), .found = found});
}

// Takes one record of fields off `text`; a quoted field may hold commas, quotes and line ends.
std::vector<std::string> take_line(std::string_view& text) {
  std::vector<std::string> fields(1);
  bool inside = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields.back() += text[++i];
      } else {
        inside = false;
      }
    } else if (c == '"') {
      inside = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  text.remove_prefix(i);
  return fields;
}

template <typename T>
bool parse(const std::string& field, T& value) {
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc{} && end == field.data() + field.size();
}

}  // namespace

std::optional<double> EpochRow::*column_named(std::string_view name) {
  for (const Column& column : measured) {
    if (column.name == name) return column.value;
  }
  return nullptr;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

std::string metrics_csv(const std::vector<RunRecord>& records) {
  std::string text = header() + '\n';
  for (const RunRecord& record : records) {
    for (const EpochRow& row : record.curve) {
      text += fmt::format("{},{},{},{},{}", csv_field(record.rule), record.seed, row.epoch,
                          row.updates, row.seconds);
      for (const Column& column : measured) {
        const std::optional<double>& value = row.*column.value;
        text += value ? fmt::format(",{}", *value) : ",";
      }
      text += '\n';
    }
  }
  return text;
}

std::vector<RunRecord> parse_metrics_csv(std::string_view text, std::string_view origin) {
  const std::string expected = header() + '\n';
  if (!text.starts_with(expected)) {
    damaged(origin, 1, std::string(text.substr(0, std::min(text.find('\n'), expected.size()))));
  }
  text.remove_prefix(expected.size());
  std::vector<RunRecord> records;
  for (std::size_t line = 2; !text.empty(); ++line) {
    const std::vector<std::string> fields = take_line(text);
    if (fields.size() != first_measured + measured.size()) {
      damaged(origin, line, fmt::format("{} fields", fields.size()));
    }
    RunRecord record{.rule = fields[0]};
    EpochRow row;
    bool good = parse(fields[1], record.seed) && parse(fields[2], row.epoch) &&
                parse(fields[3], row.updates) && parse(fields[4], row.seconds);
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const std::string& field = fields[first_measured + i];
      if (!field.empty()) good = good && parse(field, (row.*measured[i].value).emplace());
    }
    if (!good) damaged(origin, line, "a field that is not a number");
    if (records.empty() || records.back().rule != record.rule ||
        records.back().seed != record.seed) {
      records.push_back(std::move(record));
    }
    records.back().curve.push_back(row);
  }
  return records;
}

}  // namespace deltaw
