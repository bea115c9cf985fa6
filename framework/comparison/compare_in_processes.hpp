// SPDX-License-Identifier: Apache-2.0
// All runs of an experiment, each in a process of its own, several at a time: a rule that crashes,
// hangs or ends its process costs its own run and no other. Call where no other thread runs.
#pragma once

#include <chrono>
#include <functional>

#include "comparison/compare.hpp"

namespace deltaw {

struct ProcessPlan {
  // What one call of a rule may take.
  std::chrono::duration<double> call_limit{60};
  // Writes what a run leaves: called in its process, and here for a run that its process did not
  // survive.
  std::function<void(const RunOutcome&)> keep;
};

// As check(), each arm in a process. What its rule does not survive is passed over: its runs tell.
void check_in_processes(const Experiment& experiment, const std::vector<PreparedArm>& arms,
                        const Task& task);

// As compare(), with the same bits, but: runs go side by side whether or not rules are
// "concurrent"; `listener.on_state` and `earlier` are called in the run's process; the outcome that
// on_run is told of has the record alone. A run whose process dies is a failed record with the
// curve up to there, the call and the update of the rule: E140 a crash, E141 no answer within the
// limit, E142 the process ended. When this process dies, runs under way keep their state and end,
// too.
void compare_in_processes(const Experiment& experiment, const std::vector<PreparedArm>& arms,
                          const Task& task, std::size_t jobs, const std::stop_token& stop,
                          const Listener& listener, const Earlier& earlier,
                          std::chrono::duration<double> between_states, const ProcessPlan& plan);

}  // namespace deltaw
