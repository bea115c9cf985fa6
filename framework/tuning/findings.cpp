// SPDX-License-Identifier: Apache-2.0
// The rungs once more, from the records alone.
#include "tuning/findings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "plugin/search_range.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double k_edge = 0.05;  // of a range, on its scale

json edges_of(const TunedArm& arm, std::size_t trial) {
  json edges = json::object();
  for (const auto& [path, value] : arm.trials[trial]) {
    const auto searched = std::ranges::find(arm.places, path, &SearchedPlace::path);
    if (searched == arm.places.end() || !searched->range.values.empty()) continue;
    const double place = place_in(searched->range, value.get<double>());
    if (place < k_edge) edges[path] = "low";
    if (place > 1 - k_edge) edges[path] = "high";
  }
  return edges;
}

// The arm's bracket with all that is known; over when all is.
Bracket replayed(const TuningPlan& plan, const std::string& rule,
                 const std::vector<TrialRecord>& records) {
  std::map<Bracket::Run, Merit> known;
  for (const TrialRecord& record : records) {
    if (record.rule == rule) known[record.run] = record.score;
  }
  Bracket bracket(plan.rungs, plan.experiment.tune.seeds.size());
  while (const auto run = bracket.next()) {
    const auto found = known.find(*run);
    if (found == known.end()) break;
    bracket.finish(*run, found->second);
  }
  return bracket;
}

}  // namespace

std::optional<json> findings(const TuningPlan& plan, const std::vector<TrialRecord>& records) {
  json out = plan.to_json();
  out.erase("deltaw_tuning");
  out["deltaw_tuned"] = 1;
  for (std::size_t i = 0; i < plan.arms.size(); ++i) {
    const TunedArm& arm = plan.arms[i];
    json& rule = out["rules"][i];
    rule.erase("trials");
    std::size_t runs = 0, failed = 0;
    for (const TrialRecord& record : records) {
      if (record.rule != arm.name) continue;
      ++runs;
      if (record.status == "failed") ++failed;
    }
    rule["runs"] = runs;
    rule["failed"] = failed;
    const Bracket bracket = replayed(plan, arm.name, records);
    if (!bracket.is_over()) return {};
    const auto& [trial, score] = bracket.best();
    if (!std::isfinite(score.value) && !std::isfinite(score.tie)) continue;
    rule["trial"] = trial;
    rule["value"] = json();
    if (std::isfinite(score.value)) {
      rule["value"] = plan.objective.is_lower_better ? -score.value : score.value;
    }
    rule["values"] = json::object();
    for (const auto& [path, value] : arm.trials[trial]) rule["values"][path] = value;
    rule["at_edge"] = edges_of(arm, trial);
  }
  return out;
}

}  // namespace deltaw
