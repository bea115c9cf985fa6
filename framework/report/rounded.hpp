// SPDX-License-Identifier: Apache-2.0
// Numbers with as many digits as a chart can show. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace deltaw {

// To five significant digits; null for what is empty or not finite.
[[nodiscard]] nlohmann::json rounded(std::optional<double> value);

}  // namespace deltaw
