// SPDX-License-Identifier: Apache-2.0
// Which rule drives which connections of an arm. Internal to experiment/. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "experiment/experiment.hpp"
#include "experiment/node.hpp"

namespace deltaw::detail {

// The drives of `arm`, whose optimizers change `optimizer`. Errors: E503 for an arm with both or
// neither of "rule" and "drive" or with a drive of nothing plastic, E510 for an unknown name, E513
// for a plastic connection that none of the drives name, or two in the same epoch. `epochs` are
// those of the training, none for a task in trials: E503 and E502 for a drive's epochs that do not
// fit. `rate`: of an optimizer that is written without one; its type's by default.
[[nodiscard]] std::vector<Drive> read_drives(const Node& arm, const NetworkSpec& network,
                                             const Node& optimizer,
                                             std::optional<std::size_t> epochs,
                                             std::optional<double> rate = {});

// The "parameters" of a rule; none where there are none.
[[nodiscard]] RuleParameters read_parameters(const Node& owner);

// The plastic connections that "connections" names, a layer's name standing for all into it; all
// without the key, or with "*". Errors: E503 for one that is not plastic, E510 for an unknown name.
[[nodiscard]] std::vector<std::string> read_connections(const Node& owner,
                                                        const NetworkSpec& network);

}  // namespace deltaw::detail
