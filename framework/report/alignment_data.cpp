// SPDX-License-Identifier: Apache-2.0
// Angles of each snapshot, over runs.
#include "report/alignment_data.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "comparison/alignment_summary.hpp"
#include "core/rounded.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

json course_of(const std::vector<RunRecord>& records, const std::string& arm,
               const std::string& rule) {
  std::map<double, std::vector<double>> angles;
  for (const RunRecord& record : records) {
    if (record.rule != arm || record.status != "finished") continue;
    for (const AlignmentRow& row : record.alignment) {
      if (row.rule != rule || !row.connection.empty() || !row.cosine) continue;
      angles[row.epoch].push_back(degrees_of(*row.cosine));
    }
  }
  json course = json::array();
  for (const auto& [epoch, list] : angles) {
    course.push_back({{"epoch", rounded(epoch)},
                      {"n", list.size()},
                      {"low", rounded(quantile(list, 0.25))},
                      {"median", rounded(median(list))},
                      {"high", rounded(quantile(list, 0.75))}});
  }
  return course;
}

}  // namespace

json alignment_data(const json& summary, const json& experiment,
                    const std::vector<RunRecord>& records) {
  json entries = json::array();
  for (const json& rule : summary.at("rules")) {
    const auto arm = rule.at("rule").get<std::string>();
    for (json entry : rule.value("alignment", json::array())) {
      if (entry.at("connection") != "") continue;
      entry.erase("connection");
      entry["arm"] = arm;
      entry["course"] = course_of(records, arm, entry.at("rule").get<std::string>());
      entries.push_back(std::move(entry));
    }
  }
  const json training = experiment.value("training", json::object());
  const json asked = training.value("alignment", json::object());
  return {{"reference", asked.value("rule", "")}, {"entries", std::move(entries)}};
}

}  // namespace deltaw
