// SPDX-License-Identifier: Apache-2.0
// How an arm changes what it shares with the experiment. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace deltaw::detail {

// `base` with the keys of `change`: objects are merged key by key, but one with a "type" replaces
// what was there, and so does everything else.
[[nodiscard]] nlohmann::json merged(const nlohmann::json& base, const nlohmann::json& change);

}  // namespace deltaw::detail
