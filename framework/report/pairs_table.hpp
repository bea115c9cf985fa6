// SPDX-License-Identifier: Apache-2.0
// How each rule stands beside the reference, for terminals. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// A line for each rule that shares a seed with the reference, under a header, on the metric by
// which rules are judged (of tasks in trials on trials to the criterion), and notes on the tests;
// empty where there is no such rule. docs/statistics.md says what each number is. `summary` is as
// summarise() makes it.
[[nodiscard]] std::string pairs_table(const nlohmann::json& summary);

}  // namespace deltaw
