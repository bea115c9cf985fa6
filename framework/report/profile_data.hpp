// SPDX-License-Identifier: Apache-2.0
// How many runs of each rule reach any score, for the page of a report. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// {metric, is_lower_better, of: [{rule, steps: [[score, share, low, high], ...]}]}: the performance
// profile (statistics/profile.hpp) of each rule with finite values, scores ascending; the share is
// of runs above the score, or below it where less is better.
[[nodiscard]] nlohmann::json profile_data(const std::vector<std::string>& rules,
                                          const std::vector<RunRecord>& records,
                                          const std::string& metric);

}  // namespace deltaw
