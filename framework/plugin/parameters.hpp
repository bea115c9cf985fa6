// SPDX-License-Identifier: Apache-2.0
// The parameters of a rule: what an experiment gives, checked against what the manifest declares,
// so that every rule gets the same messages. Pure functions: any thread.
#pragma once

#include <deltaw/abi.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

struct ResolvedParameter {
  std::string name;
  ParameterValue value;
};

// Whether a parameter of the rule does anything beside those given (an object or null).
[[nodiscard]] bool counts(const RuleSpec& rule, const ParameterSpec& spec,
                          const nlohmann::json& given);

// Every parameter of the rule in the manifest's order, with the given value or its default.
// `given` is an object or null. Errors: E201 unknown name, E202 wrong type, out of range, or other
// than the default where it has no effect.
[[nodiscard]] std::vector<ResolvedParameter> resolve_parameters(const RuleSpec& rule,
                                                                const nlohmann::json& given);

// One value by its declaration (E202). An integer may be written as 1e3, a number as 3.
[[nodiscard]] ParameterValue parse_value(const ParameterSpec& spec, const nlohmann::json& given);

// As the ABI wants them. Names and texts point into `parameters`, which must outlive the result.
[[nodiscard]] std::vector<deltaw_param> abi_parameters(
    const std::vector<ResolvedParameter>& parameters);

// "form power-law or pre-and-post".
[[nodiscard]] std::string condition_text(const Condition& when);

// What a declaration allows: "number in [0, 1)", "integer >= 1", "one of plain, oja".
[[nodiscard]] std::string allowed(const ParameterSpec& spec);

// A value as it would be written in JSON.
[[nodiscard]] nlohmann::json to_json(const ParameterValue& value);

}  // namespace deltaw
