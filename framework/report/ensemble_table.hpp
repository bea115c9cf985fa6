// SPDX-License-Identifier: Apache-2.0
// What ensembles are worth, as text for a terminal. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Members, ensembles beside their best and their mean member, groups beside each other, notes.
// `found` is the document of findings().
[[nodiscard]] std::string ensemble_table(const nlohmann::json& found);

// One sentence: how many ensembles are better than their best member (by validation data), and how
// many of them beyond chance (p < 0.05); or, without validation data, than their mean member (whose
// interval then lies above 0).
[[nodiscard]] std::string ensemble_claim(const nlohmann::json& found);

}  // namespace deltaw
