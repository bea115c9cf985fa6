// SPDX-License-Identifier: Apache-2.0
// Scores are written as the metrics they come from, so that less may be better.
#include "tuning/trial_record.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

const json& arm_of(const json& plan, const std::string& rule) {
  const json& arms = plan.at("rules");
  const auto found =
      std::ranges::find_if(arms, [&](const json& arm) { return arm["rule"] == rule; });
  if (found == arms.end()) throw Error(Code::E603, "a trial of no rule of this tuning: " + rule);
  return *found;
}

json measured(double score, bool is_lower_better) {
  if (!std::isfinite(score)) return {};
  return is_lower_better ? -score : score;
}

double score_of(const json& value, bool is_lower_better) {
  if (value.is_null()) return Merit::worst;
  return is_lower_better ? -value.get<double>() : value.get<double>();
}

bool has_lower_tie(const json& plan) { return plan.at("tie") != ""; }

}  // namespace

json to_json(const TrialRecord& record, const json& plan) {
  const Bracket::Run& run = record.run;
  json line = {{"rule", record.rule},
               {"trial", run.trial},
               {"rung", run.rung},
               {"seed", record.seed},
               {"epochs", plan.at("rungs").at(run.rung).at("epochs")},
               {"values", arm_of(plan, record.rule).at("trials").at(run.trial)},
               {"status", record.status},
               {"value", measured(record.score.value, plan.at("lower_is_better").get<bool>())},
               {"tie", measured(record.score.tie, has_lower_tie(plan))},
               {"seconds", record.seconds}};
  if (!record.error.empty()) line["error"] = record.error;
  return line;
}

TrialRecord parse_trial(const json& line, const json& plan) {
  try {
    TrialRecord record;
    record.rule = line.at("rule");
    record.seed = line.at("seed");
    const auto seeds = plan.at("seeds").get<std::vector<std::uint64_t>>();
    const auto place = std::ranges::find(seeds, record.seed) - seeds.begin();
    record.run = {line.at("trial"), line.at("rung"), static_cast<std::size_t>(place)};
    if (arm_of(plan, record.rule).at("trials").at(record.run.trial) != line.at("values") ||
        record.run.seed == seeds.size()) {
      throw Error(Code::E603, "a trial of another tuning", {.found = line.dump()});
    }
    record.status = line.at("status");
    record.error = line.value("error", "");
    record.score = {score_of(line.at("value"), plan.at("lower_is_better").get<bool>()),
                    score_of(line.at("tie"), has_lower_tie(plan))};
    record.seconds = line.at("seconds");
    return record;
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the record of a trial is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
