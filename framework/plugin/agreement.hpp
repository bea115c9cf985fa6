// SPDX-License-Identifier: Apache-2.0
// Whether a plugin's table is one that this host can use, and says what the manifest says.
// Internal to the plugin room. Calls rule_info(): one thread at a time per plugin.
#pragma once

#include <deltaw/abi.h>

#include <filesystem>

#include "plugin/manifest.hpp"

namespace deltaw {

// Errors: E134 null, too small or with empty places; E135, E136 made for another ABI.
void check_table(const deltaw_plugin* table, const std::filesystem::path& file);

// Errors: E137 with the first difference in id, version, signals, scope, grain, capabilities or
// ABI.
void check_agreement(const deltaw_plugin& table, const Manifest& manifest);

}  // namespace deltaw
