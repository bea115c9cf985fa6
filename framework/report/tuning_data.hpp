// SPDX-License-Identifier: Apache-2.0
// Everything that the page of a tuning shows, read from its folder alone. Any thread.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace deltaw {

// {headline, facts, tuned: tuned.json, lines: those of trials.jsonl, provenance, summary: {name,
//  rules: [{rule, metrics: {}}], reference, seeds}, trials: null}: the last two as far as the
// scripts of comparisons need them. Error: E603.
[[nodiscard]] nlohmann::json tuning_data(const std::filesystem::path& folder);

}  // namespace deltaw
