// SPDX-License-Identifier: Apache-2.0
// Which arms a --set reaches. Internal to experiment/. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw::detail {

// What to say of `set`, which made `after` of `before`: nothing unless it changed the network,
// training or optimizer that arms share, and some arms have their own instead. Error: E504 when all
// have, so that nothing is changed. The short forms of `before` are written out.
[[nodiscard]] std::string remark_on_reach(const nlohmann::json& before, const nlohmann::json& after,
                                          const std::string& set);

}  // namespace deltaw::detail
