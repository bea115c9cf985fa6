// SPDX-License-Identifier: Apache-2.0
// Ranges in which a tuning looks for a value: their JSON, their faults, and points in them.
// Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "plugin/rule_spec.hpp"

namespace deltaw {

// {"low", "high", "scale"} or a list of values. REQUIRES: `range` is one of these by its schema.
[[nodiscard]] SearchRange parse_range(const nlohmann::json& range);

// A JSON number, boolean or string; other numbers than integers as double.
[[nodiscard]] ParameterValue parse_scalar(const nlohmann::json& value);

// Both ends of an interval, or every value of a list, as a JSON array.
[[nodiscard]] nlohmann::json ends_of(const nlohmann::json& range);

// "is empty" or what else keeps it from being searched; empty where nothing does.
[[nodiscard]] std::string fault_of(const SearchRange& range);

// The value at `u` in [0, 1): numbers with four significant digits, on a log scale by equal
// factors; of a list each value has an equal share of [0, 1).
[[nodiscard]] ParameterValue value_at(const SearchRange& range, double u);

// Where between the ends of an interval a number lies, 0 .. 1 on its scale.
[[nodiscard]] double place_in(const SearchRange& range, double value);

// "0.001 to 10, log" or "one of 0, 0.5, 0.9".
[[nodiscard]] std::string text_of(const SearchRange& range);

// What parse_range() reads as the same.
[[nodiscard]] nlohmann::json to_json(const SearchRange& range);

}  // namespace deltaw
