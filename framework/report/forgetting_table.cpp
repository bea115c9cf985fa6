// SPDX-License-Identifier: Apache-2.0
// Everything in percent or points.
#include "report/forgetting_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Column {
  const char* metric;
  const char* title;
  bool is_signed;
};
constexpr Column k_columns[] = {{"test_accuracy", "ACC, %", false},
                                {"learning_accuracy", "learning accuracy, %", false},
                                {"backward_transfer", "BWT, points", true},
                                {"forward_transfer", "FWT, points", true},
                                {"forgetting", "forgetting, points", false},
                                {"intransigence", "intransigence, points", true},
                                {"savings", "savings, %", true}};

std::vector<Row> rows_of(const json& rules) {
  std::vector<Row> rows = {{"rule"}};
  const auto is_measured = [&](const Column& column) {
    return std::ranges::any_of(
        rules, [&](const json& rule) { return rule.at("metrics").contains(column.metric); });
  };
  for (const json& rule : rules) rows.push_back({rule.at("rule").get<std::string>()});
  for (const Column& column : k_columns) {
    if (!is_measured(column)) continue;
    rows.front().emplace_back(column.title);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      rows[i + 1].push_back(
          estimate(find(rules[i], "metrics", column.metric), k_percent, column.is_signed));
    }
  }
  return rows;
}

}  // namespace

std::string forgetting_table(const json& summary) {
  try {
    const json& rules = summary.at("rules");
    if (std::ranges::none_of(rules, [](const json& rule) {
          return rule.at("metrics").contains("learning_accuracy");
        })) {
      return "";
    }
    const char* advice =
        summary.contains("matched")
            ? ""
            : "\na rule that learns nothing forgets nothing: compare at a learning accuracy, "
              "\"match_at\" in the sequence\n";
    return fmt::format("\n{}{}", aligned(rows_of(rules)), advice);
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
