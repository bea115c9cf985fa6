// SPDX-License-Identifier: Apache-2.0
// Rules over several tasks as a table for terminals, from what aggregate() found. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// `found` with the "locality", "supervision" and "timing" of each rule, as summary.json has them. A
// line a rule under a title, then what a reader must know; ends with a newline.
[[nodiscard]] std::string aggregate_table(const nlohmann::json& found);

}  // namespace deltaw
