// SPDX-License-Identifier: Apache-2.0
// The parameters with which a rule is checked. A pure function: any thread.
#pragma once

#include <string>
#include <vector>

#include "plugin/parameters.hpp"

namespace deltaw {

struct Variant {
  std::string text;  // what differs from the defaults; "defaults"
  std::vector<ResolvedParameter> parameters;
};

// The defaults first; then every combination of the rule's choices and switches, or, where those
// are many, each one alone; then the defaults with every number moved, for a default may switch a
// term off. A rule may refuse any but the first.
[[nodiscard]] std::vector<Variant> variants_of(const RuleSpec& rule);

}  // namespace deltaw
