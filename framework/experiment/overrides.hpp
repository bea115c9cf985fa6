// SPDX-License-Identifier: Apache-2.0
// --set path=value. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw::detail {

// Sets the place that `assignment` names ("training.epochs=5") to its value: JSON, or else a
// string. An element of an array is named by its index or by its "name"; the last step of a path
// may be a key that the schema knows but the document leaves out. REQUIRES: `document` satisfies
// the schema and its short forms are written out. Error: E504 with the nearest place.
void apply_override(nlohmann::json& document, const nlohmann::json& schema,
                    const std::string& assignment);

}  // namespace deltaw::detail
