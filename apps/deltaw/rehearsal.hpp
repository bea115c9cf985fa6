// SPDX-License-Identifier: Apache-2.0
// A rule is made once before any user does it: in the author's build.
#pragma once

#include "plugin/library.hpp"
#include "plugin/rule_spec.hpp"

namespace deltaw {

// With its default parameters. A local rule is also prepared for a 3 x 3 connection, in each
// precision that it declares. Runs code of the plugin in this process. Errors: E301..E303.
void rehearse(const Library& library, const RuleSpec& rule);

}  // namespace deltaw
