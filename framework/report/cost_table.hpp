// SPDX-License-Identifier: Apache-2.0
// What each rule cost, as a table for terminals, from summary.json alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Medians over seeds, one line a rule, a column for each count that any rule has; aligned, in
// UTF-8; ends with a newline. Empty where nothing was counted. Error: E603 when `summary` is not as
// summarise() makes it.
[[nodiscard]] std::string cost_table(const nlohmann::json& summary);

}  // namespace deltaw
