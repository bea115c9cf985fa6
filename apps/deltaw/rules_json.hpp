// SPDX-License-Identifier: Apache-2.0
// The catalogue for machines: what `deltaw rules --json` prints.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plugin/catalogue.hpp"

namespace deltaw {

// All that the manifest says of one rule, in the manifest's own words, with state and place.
[[nodiscard]] nlohmann::json describe(const CatalogueEntry& entry);
// {"rules": [...], "searched": [...]}
[[nodiscard]] nlohmann::json describe(const Catalogue& catalogue);

}  // namespace deltaw
