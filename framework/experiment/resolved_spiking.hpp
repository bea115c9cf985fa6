// SPDX-License-Identifier: Apache-2.0
// Spiking networks back as JSON. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "spiking/spec.hpp"

namespace deltaw::detail {

// The object "network", without its presentation.
[[nodiscard]] nlohmann::json to_json(const SpikingSpec& spec);
[[nodiscard]] nlohmann::json to_json(const PresentationSpec& spec);

// As resolved.cpp writes them for every network.
[[nodiscard]] nlohmann::json to_json(const InitSpec& spec);

}  // namespace deltaw::detail
