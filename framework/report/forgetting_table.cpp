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

std::string percent(const json& value, bool is_signed) {
  const double scaled = 100 * value.get<double>();
  return is_signed ? fmt::format("{:+.1f}", scaled) : fmt::format("{:.1f}", scaled);
}

std::string cell(const json& estimate, bool is_signed) {
  if (estimate.is_null() || estimate.at("median").is_null()) return "-";
  const std::string middle = percent(estimate["median"], is_signed);
  if (estimate.at("n").get<std::size_t>() < 2) return middle;
  return fmt::format("{} [{}, {}]", middle, percent(estimate.at("low"), is_signed),
                     percent(estimate.at("high"), is_signed));
}

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
      const json& metrics = rules[i].at("metrics");
      rows[i + 1].push_back(cell(metrics.value(column.metric, json()), column.is_signed));
    }
  }
  return rows;
}

std::string matched_table(const json& matched) {
  const auto reference = matched.at("reference").get<std::string>();
  std::vector<Row> rows = {
      {"family", "forgetting, points", "minus " + reference, "p", "seeds", "verdict"}};
  for (const json& family : matched.at("families")) {
    const json found = family.value("forgetting", json());
    const json versus = family.value("versus_reference", json());
    const auto seeds = family.at("seeds").get<std::size_t>();
    const std::size_t measured = found.is_null() ? 0 : found.at("n").get<std::size_t>();
    const bool is_reference = family.at("family") == reference;
    rows.push_back({family.at("family").get<std::string>(), cell(found, false),
                    is_reference ? "reference" : cell(versus, true),
                    p_value(versus.is_null() ? nullptr : &versus),
                    fmt::format("{}/{}", measured, seeds),
                    verdict_of(versus.is_null() ? nullptr : &versus)});
  }
  return fmt::format(
      "\nat a learning accuracy of {:g} %, interpolated seed by seed; seeds: whose "
      "arms enclose it\n\n{}",
      100 * matched.at("learning_accuracy").get<double>(), aligned(rows));
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
    const json matched = summary.value("matched", json());
    const std::string advice =
        "a rule that learns nothing forgets nothing: compare at a learning accuracy, \"match_at\" "
        "in the sequence\n";
    return fmt::format("\n{}{}", aligned(rows_of(rules)),
                       matched.is_null() ? "\n" + advice : matched_table(matched));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
