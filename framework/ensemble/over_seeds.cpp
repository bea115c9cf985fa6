// SPDX-License-Identifier: Apache-2.0
#include "ensemble/over_seeds.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "statistics/estimate_median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Row {
  json names;
  std::vector<json> entries = {};
};

json estimate(const std::vector<json>& entries, const json::json_pointer& pointer) {
  std::vector<double> values;
  for (const json& entry : entries) {
    if (!entry.contains(pointer)) return {};
    values.push_back(entry.at(pointer));
  }
  const Estimate found = estimate_median(values);
  return {{"median", found.median}, {"low", found.low}, {"high", found.high}, {"n", found.n}};
}

}  // namespace

json over_seeds(const json& entries, const std::vector<std::string>& names,
                const std::vector<ValueOfSeeds>& values) {
  std::vector<Row> rows;
  for (const json& entry : entries) {
    if (entry.at("seed").is_null()) continue;
    json own = json::object();
    for (const std::string& name : names) own[name] = entry.at(name);
    auto row = std::ranges::find(rows, own, &Row::names);
    if (row == rows.end()) row = rows.insert(rows.end(), Row{std::move(own), {}});
    row->entries.push_back(entry);
  }
  json found = json::array();
  for (const Row& row : rows) {
    if (row.entries.size() < 2) continue;
    json made = row.names;
    made["seeds"] = row.entries.size();
    for (const ValueOfSeeds& value : values) {
      made[value.name] = estimate(row.entries, json::json_pointer(value.pointer));
    }
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace deltaw
