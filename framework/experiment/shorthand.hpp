// SPDX-License-Identifier: Apache-2.0
// The short forms of an experiment, written out. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace deltaw::detail {

// A bare name becomes {"type": name} (a rule {"rule": name}), "bias": true becomes {}, a number of
// seeds their list; rules and connections get their default names, layers without connections a
// chain. Idempotent. REQUIRES: `document` satisfies the schema.
void expand_shorthand(nlohmann::json& document);

}  // namespace deltaw::detail
