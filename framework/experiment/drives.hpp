// SPDX-License-Identifier: Apache-2.0
// Which rule drives which connections of an arm. Internal to experiment/. Any thread.
#pragma once

#include <vector>

#include "experiment/experiment.hpp"
#include "experiment/node.hpp"

namespace deltaw::detail {

// The drives of `arm`, whose optimizers change `optimizer`. Errors: E503 for an arm with both or
// neither of "rule" and "drive" or with a drive of nothing plastic, E510 for an unknown name, E513
// for a plastic connection that none or two of the drives name.
[[nodiscard]] std::vector<Drive> read_drives(const Node& arm, const NetworkSpec& network,
                                             const Node& optimizer);

}  // namespace deltaw::detail
