// SPDX-License-Identifier: Apache-2.0
// A rule is made and prepared once for each precision that it declares, before any user does it.
#pragma once

#include "plugin/library.hpp"
#include "plugin/rule_spec.hpp"

namespace deltaw {

// With its default parameters, for one 3 x 3 connection or a network of 3-3-3 units. Runs code of
// the plugin in this process. Errors: E301..E303.
void rehearse(const Library& library, const RuleSpec& rule);

}  // namespace deltaw
