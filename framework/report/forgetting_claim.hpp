// SPDX-License-Identifier: Apache-2.0
// Which rules forget least where they learn alike, in a sentence. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// Of `matched` in summary.json: the family that forgets least of those that are better than the
// reference, with difference, interval and p; or that none is, and how many are worse; or that
// there are too few seeds to say. Throws what nlohmann::json throws when it is damaged.
[[nodiscard]] std::string forgetting_claim(const nlohmann::json& matched);

// The family of that claim, in `matched`; null where none is better than the reference.
[[nodiscard]] const nlohmann::json* family_that_forgets_least(const nlohmann::json& matched);

}  // namespace deltaw
