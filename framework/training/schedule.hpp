// SPDX-License-Identifier: Apache-2.0
// Learning rate over time. Pure functions: any thread.
#pragma once

#include <string>
#include <vector>

#include "training/spec.hpp"

namespace deltaw {

// The learning rate at `epoch` (from 0, fractions allowed) of a run over `total_epochs`. During
// warm-up it rises in a straight line from rate / (warmup + 1) at epoch 0 to the full rate at epoch
// `warmup`; the schedule's own time starts there. Error: E503 for an unknown schedule.
[[nodiscard]] double rate_at(const OptimizerSpec& spec, double epoch, double total_epochs);
// The same of a rule that drives in epochs of its `own` alone: its schedule runs over them.
[[nodiscard]] double rate_at(const OptimizerSpec& spec, const EpochRange& own, double epoch,
                             double total_epochs);

[[nodiscard]] const std::vector<std::string>& schedule_types();

}  // namespace deltaw
