// SPDX-License-Identifier: Apache-2.0
// The features of a resolved experiment. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "readout/spec.hpp"

namespace deltaw::detail {

[[nodiscard]] nlohmann::json to_json(const OptimizerSpec& spec);
// What read_features reads as the same spec, every default written out but that of "layer".
[[nodiscard]] nlohmann::json to_json(const FeaturesSpec& spec);

}  // namespace deltaw::detail
