// SPDX-License-Identifier: Apache-2.0
// The catalogue for people: what `deltaw rules` prints, as text.
#pragma once

#include <string>
#include <string_view>

#include "plugin/catalogue.hpp"

namespace deltaw {

// A table of what can be used, and below it what cannot, with the reason.
[[nodiscard]] std::string list_text(const Catalogue& catalogue);
// All that is known of one rule.
[[nodiscard]] std::string show_text(const CatalogueEntry& entry);
// Every place of the search path, with what of `name` was found there.
[[nodiscard]] std::string why_text(const Catalogue& catalogue, std::string_view name);

}  // namespace deltaw
