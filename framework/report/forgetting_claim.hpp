// SPDX-License-Identifier: Apache-2.0
// Which rules forget least where they learn alike, in a sentence. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Of `matched` in summary.json: the family that forgets least of those that forget less than the
// reference beyond chance (p below 0.05, Holm-adjusted); or that none does, and how many forget
// more. Throws what nlohmann::json throws when it is damaged.
[[nodiscard]] std::string forgetting_claim(const nlohmann::json& matched);

}  // namespace deltaw
