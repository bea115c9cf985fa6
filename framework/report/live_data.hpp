// SPDX-License-Identifier: Apache-2.0
// What the page of a comparison that runs starts from. A pure function: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// {folder, head, recorded, summary, trials}; `head` may be null: nothing runs there yet.
[[nodiscard]] nlohmann::json live_data(const std::string& folder, const nlohmann::json& head,
                                       const nlohmann::json& recorded);

}  // namespace deltaw
