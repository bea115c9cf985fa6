// SPDX-License-Identifier: Apache-2.0
// How many values lie, in five numbers. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace deltaw {

// {min, q1, median, q3, max} of those that are finite; null where none is.
[[nodiscard]] nlohmann::json quartiles(std::vector<double> values);

}  // namespace deltaw
