// SPDX-License-Identifier: Apache-2.0
// What a check of a rule found, for people: what `deltaw check` prints.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// `checked`: of check_rule(), with {tests: [{name, asks, verdict, detail}], seed}, or either alone;
// {rule, version, locality_error} where the locality could not be measured.
[[nodiscard]] std::string check_text(const nlohmann::json& checked);

}  // namespace deltaw
