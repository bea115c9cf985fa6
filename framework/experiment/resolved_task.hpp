// SPDX-License-Identifier: Apache-2.0
// The task of a resolved experiment. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "task/spec.hpp"

namespace deltaw::detail {

// What read_task reads as the same spec, every default written out.
[[nodiscard]] nlohmann::json to_json(const TaskSpec& spec);

}  // namespace deltaw::detail
