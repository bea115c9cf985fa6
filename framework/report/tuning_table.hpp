// SPDX-License-Identifier: Apache-2.0
// What a tuning found as text for a terminal. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace deltaw {

// A line for each rule: its best trial, what it reached, its values; then what a reader must know:
// values at an edge of their range, trials that diverged. `found` is as findings() makes it.
[[nodiscard]] std::string tuning_table(const nlohmann::json& found);

// "backprop: the best optimizer.rate, 9.8, lies at the high end of its range, 0.0001 to 10, log",
// a sentence for each such value, and one for each rule that has no best trial.
[[nodiscard]] std::vector<std::string> tuning_warnings(const nlohmann::json& found);

}  // namespace deltaw
