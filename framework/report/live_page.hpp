// SPDX-License-Identifier: Apache-2.0
// Pages that a browser keeps up to date from a server of this machine. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

// The curves of a comparison as they grow: asks /progress.json?folder=`folder` for them. `head` is
// the first line of its progress; `recorded` lists {rule, seed, rows: [{epoch, test_loss, ...}]} of
// runs that ended elsewhere and are drawn beside them.
[[nodiscard]] std::string live_page(const std::string& folder, const nlohmann::json& head,
                                    const nlohmann::json& recorded);

// All folders of results, from /list.json.
[[nodiscard]] std::string results_page();

}  // namespace deltaw
