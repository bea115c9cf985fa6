// SPDX-License-Identifier: Apache-2.0
// How the rules that watched agreed with the reference, as a table for terminals, from summary.json
// alone. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Empty where nobody watched. One line for each arm and rule that watched it, over all connections,
// aligned, in UTF-8; ends with a newline. Error: E603 when `summary` is not as summarise() makes
// it.
[[nodiscard]] std::string alignment_table(const nlohmann::json& summary);

}  // namespace deltaw
