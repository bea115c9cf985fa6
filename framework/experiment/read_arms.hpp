// SPDX-License-Identifier: Apache-2.0
// The arms of an experiment, each with its complete own specs. Internal to experiment/. Any thread.
#pragma once

#include <vector>

#include "experiment/experiment.hpp"
#include "experiment/node.hpp"

namespace deltaw::detail {

// One arm for each of "rules". REQUIRES: `document` satisfies the schema and its short forms are
// written out. Errors: as load_experiment().
[[nodiscard]] std::vector<Arm> read_arms(const Node& document);

}  // namespace deltaw::detail
