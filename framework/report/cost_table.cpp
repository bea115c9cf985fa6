// SPDX-License-Identifier: Apache-2.0
// Cells from the summary.
#include "report/cost_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Column {
  const char* metric;
  const char *upper, *lower;  // of the head
};

constexpr std::array<Column, 8> k_columns = {{{"multiply_adds", "multiply-", "adds"},
                                              {"additions", "additions", "for spikes"},
                                              {"synaptic_updates", "synaptic", "updates"},
                                              {"spikes", "spikes", ""},
                                              {"labels", "labels", "shown"},
                                              {"rewards", "rewards", "given"},
                                              {"state_bytes", "state beside", "weights, bytes"},
                                              {"energy", "energy, J,", "estimate"}}};

// 1234567 as "1.23 M", 0.00000123 as "1.23 µ".
std::string with_prefix(double value) {
  constexpr std::array k_prefixes = {"p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"};
  constexpr int k_ones = 4;
  if (value == 0) return "0";
  value = std::stod(fmt::format("{:.2e}", value));
  const int thousands = std::clamp(static_cast<int>(std::floor(std::log10(value) / 3)), -k_ones, 6);
  const char* prefix = k_prefixes.at(static_cast<std::size_t>(k_ones + thousands));
  return fmt::format("{:.3g}{}{}", value / std::pow(1000.0, thousands), *prefix == 0 ? "" : " ",
                     prefix);
}

bool is_counted(const json& summary, const char* metric) {
  return std::ranges::any_of(summary.at("rules"), [&](const json& rule) {
    return find(rule, "metrics", metric) != nullptr;
  });
}

}  // namespace

std::string cost_table(const json& summary) {
  try {
    std::vector<Row> rows = {{"what a run", ""}, {"took", "time"}};
    std::vector<const char*> metrics;
    for (const Column& column : k_columns) {
      if (!is_counted(summary, column.metric)) continue;
      metrics.push_back(column.metric);
      rows[0].emplace_back(column.upper);
      rows[1].emplace_back(column.lower);
    }
    if (metrics.empty()) return "";
    for (const json& rule : summary.at("rules")) {
      Row row = {rule.at("rule").get<std::string>(), duration(find(rule, "metrics", "seconds"))};
      for (const char* metric : metrics) {
        const json* found = find(rule, "metrics", metric);
        row.push_back(found == nullptr ? no_value : with_prefix(found->at("median").get<double>()));
      }
      rows.push_back(std::move(row));
    }
    return fmt::format("\n{}", aligned(rows));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
