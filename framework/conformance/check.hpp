// SPDX-License-Identifier: Apache-2.0
// How local a rule is beside what its manifest says: examined in processes of its own, once more at
// another place in memory, and once more at another time. Call where no other thread runs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/error.hpp"
#include "plugin/manifest.hpp"

namespace deltaw {

// What examine() says of the rule with its library opened anew, without its answers, and
// {rule, version, library, declared, supervision, timing, unseen: [SIGNAL], verdict}; the findings
// have "another process" and "the clock" too. The verdict is "as declared", "stricter", "violated"
// or "not measured". Errors: those of Library, RuleInstance and in_child().
[[nodiscard]] nlohmann::json check_rule(const Manifest& manifest, const RuleSpec& rule);

// Why such a rule is refused: E138 less local than declared, E139 a finding that does not hold.
[[nodiscard]] std::optional<Error> refusal(const nlohmann::json& checked);

}  // namespace deltaw
