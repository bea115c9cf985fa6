// SPDX-License-Identifier: Apache-2.0
// Cells from the summary.
#include "report/alignment_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string estimate(const json& measures, const char* name, double factor, int decimals) {
  const auto found = measures.find(name);
  if (found == measures.end()) return no_value;
  const auto text = [&](const char* part) {
    return fmt::format("{:.{}f}", factor * found->at(part).get<double>(), decimals);
  };
  if (found->at("n").get<std::size_t>() < 2) return text("median");
  return fmt::format("{} [{}, {}]", text("median"), text("low"), text("high"));
}

Row row_of(const std::string& arm, const json& entry) {
  const json& measures = entry.at("measures");
  const auto rule = entry.at("rule").get<std::string>();
  return {arm,
          rule.empty() ? "(drives)" : rule,
          estimate(measures, "angle", 1, 1),
          estimate(measures, "limit_angle", 1, 1),
          estimate(measures, "norm_ratio", 1, 3),
          estimate(measures, "sign_agreement", 100, 1),
          estimate(measures, "signal_to_noise", 1, 4)};
}

}  // namespace

std::string alignment_table(const json& summary) {
  try {
    std::vector<Row> rows = {
        {"changes beside the", "", "angle in °,", "angle in °,", "length,", "same sign,",
         "signal /"},
        {"reference's, driven by", "of", "one draw", "endless draws", "ratio", "%", "noise"}};
    for (const json& rule : summary.at("rules")) {
      for (const json& entry : rule.value("alignment", json::array())) {
        if (entry.at("connection") == "") {
          rows.push_back(row_of(rule.at("rule").get<std::string>(), entry));
        }
      }
    }
    return rows.size() == 2 ? "" : fmt::format("\n{}", aligned(rows));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
