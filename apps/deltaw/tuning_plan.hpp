// SPDX-License-Identifier: Apache-2.0
// What a command line of `deltaw tune`, or of what hands one over, asks to be tuned.
#pragma once

#include "experiment_options.hpp"
#include "tuning/tune.hpp"

namespace deltaw {

// The experiment's changes, of which --seeds and the budget are the tuning's own.
[[nodiscard]] Changes tuning_changes(const po::variables_map& values);

// Errors: those of plan_tuning().
[[nodiscard]] TuningPlan tuning_plan(const po::variables_map& values, const Changes& changes,
                                     const Prepared& prepared);

}  // namespace deltaw
