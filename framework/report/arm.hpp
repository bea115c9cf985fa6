// SPDX-License-Identifier: Apache-2.0
// What a result folder's experiment.json says of one arm: its own part, or what all arms share.
// Free functions without state: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// The entry of "rules" with that name, or an empty object.
[[nodiscard]] nlohmann::json arm_of(const nlohmann::json& experiment, const std::string& rule);

// Its "network", else the experiment's; an empty object when there is none.
[[nodiscard]] nlohmann::json network_of(const nlohmann::json& experiment, const std::string& rule);

}  // namespace deltaw
