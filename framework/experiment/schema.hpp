// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of experiment files, as shipped. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace deltaw {

[[nodiscard]] const nlohmann::json& experiment_schema();

}  // namespace deltaw
