// SPDX-License-Identifier: Apache-2.0
// What one run of a tuning leaves: one line of trials.jsonl. Plain values: any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tuning/bracket.hpp"

namespace deltaw {

struct TrialRecord {
  std::string rule;
  Bracket::Run run = {};
  std::uint64_t seed = 0;
  std::string status = "finished";  // or "failed": the worst that can be
  std::string error = {};
  Merit score = {};
  double seconds = 0;  // of training
};

// {rule, trial, rung, seed, epochs, values, status, error?, value, tie, seconds}: value and tie as
// measured, null where there is none; `plan` as TuningPlan::to_json() makes it.
[[nodiscard]] nlohmann::json to_json(const TrialRecord& record, const nlohmann::json& plan);

// The inverse. Error: E603 for a line that is no record of this plan.
[[nodiscard]] TrialRecord parse_trial(const nlohmann::json& line, const nlohmann::json& plan);

}  // namespace deltaw
