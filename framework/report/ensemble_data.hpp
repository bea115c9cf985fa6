// SPDX-License-Identifier: Apache-2.0
// Everything that the page of ensembles shows, read from its folder alone. Any thread.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace deltaw {

// {headline, facts, found: ensemble.json, provenance, summary: {name, rules: [], reference, seeds},
//  trials: null}: the last two as far as the scripts of comparisons need them. Error: E603.
[[nodiscard]] nlohmann::json ensemble_data(const std::filesystem::path& folder);

}  // namespace deltaw
