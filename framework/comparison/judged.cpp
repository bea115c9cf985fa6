// SPDX-License-Identifier: Apache-2.0
#include "comparison/judged.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace deltaw {

using nlohmann::json;

std::string judged_metric(const json& summary) {
  if (summary.value("criterion", json::object()).contains("share")) return "test_loss";
  std::vector<std::string> candidates;
  if (summary.contains("readouts")) {
    const auto readout = summary["readouts"].at(0).get<std::string>();
    candidates = {readout + "_test_accuracy", readout + "_train_accuracy"};
  }
  candidates.insert(candidates.end(),
                    {"test_accuracy", "train_accuracy", "test_loss", "train_loss"});
  for (const std::string& metric : candidates) {
    const auto has_value = [&](const json& rule) {
      const auto found = rule.at("metrics").find(metric);
      return found != rule.at("metrics").end() && !found->at("median").is_null();
    };
    if (std::ranges::any_of(summary.at("rules"), has_value)) return metric;
  }
  return "test_accuracy";
}

std::optional<double> margin_in(const std::string& metric, const std::optional<double>& margin) {
  return metric.ends_with("_accuracy") ? margin : std::nullopt;
}

}  // namespace deltaw
