// SPDX-License-Identifier: Apache-2.0
#include "report/measurement_data.hpp"

#include <nlohmann/json.hpp>

#include "report/protocol_rows.hpp"

namespace deltaw {

using nlohmann::json;

json measurement_data(const ResultFolder& folder, const json& summary,
                      const std::vector<std::pair<std::string, std::uint64_t>>& first_runs) {
  if (!summary.contains("protocol")) return {};
  json columns = json::array(), runs = json::array();
  for (const ProtocolColumn& column : protocol_columns(summary)) {
    const std::string title =
        column.above.empty() ? column.below : column.above + " " + column.below;
    columns.push_back({title, column.metric, column.is_share});
  }
  for (const auto& [rule, seed] : first_runs) {
    json found = folder.measurement(rule, seed);
    if (found.is_null()) continue;
    found["rule"] = rule;
    found["seed"] = seed;
    runs.push_back(std::move(found));
  }
  return {{"columns", std::move(columns)}, {"runs", std::move(runs)}};
}

}  // namespace deltaw
