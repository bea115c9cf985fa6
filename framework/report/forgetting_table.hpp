// SPDX-License-Identifier: Apache-2.0
// What a sequence of contexts did to each rule, as a table for terminals. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// After an empty line one line a rule under a header. Empty where no rule learnt a sequence.
// Error: E603 when `summary` is damaged.
[[nodiscard]] std::string forgetting_table(const nlohmann::json& summary);

}  // namespace deltaw
