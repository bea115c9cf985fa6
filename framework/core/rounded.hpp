// SPDX-License-Identifier: Apache-2.0
// Numbers with as many digits as a reader or a chart can use. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace deltaw {

// To so many significant digits; null for what is empty or not finite.
[[nodiscard]] nlohmann::json rounded(std::optional<double> value, int digits = 5);

}  // namespace deltaw
