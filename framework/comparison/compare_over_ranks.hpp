// SPDX-License-Identifier: Apache-2.0
// All runs of an experiment, given out one by one to the processes of a group.
#pragma once

#include <chrono>
#include <string>

#include "comparison/compare.hpp"
#include "comparison/deal.hpp"

namespace deltaw {

// Rank 0. As compare(), with the same bits: `listener` and `earlier` are called here, and outcomes
// are whole. Errors: those of deal().
void compare_over_ranks(Ranks& ranks, const CheckRank& check, const Experiment& experiment,
                        const std::vector<PreparedArm>& arms, const std::stop_token& stop,
                        const Listener& listener, const Earlier& earlier);

// Any other rank: trains each run that it is given, with as many threads as `experiment.jobs` says
// or one.
void follow_comparison(Ranks& ranks, const std::string& told, const Experiment& experiment,
                       const std::vector<PreparedArm>& arms, const Task& task,
                       std::chrono::duration<double> between_states);

}  // namespace deltaw
