// SPDX-License-Identifier: Apache-2.0
// An experiment as JSON with every default of the schema filled in. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "experiment/experiment.hpp"

namespace deltaw {

// An arm carries "network" and "training" only where they differ from those of the first arm, which
// stand for the experiment's. Deterministic; parses as the same experiment, but
// for "tune": what a tuning found stands in the arms.
[[nodiscard]] nlohmann::json to_json(const Experiment& experiment);

}  // namespace deltaw
