// SPDX-License-Identifier: Apache-2.0
// One run of a task in trials: one arm, one seed, from initial weights to the last trial. Each on
// its own thread.
#pragma once

#include <cstdint>
#include <stop_token>

#include "comparison/run.hpp"
#include "task/trial_task.hpp"

namespace deltaw {

// Trains and measures, a row of the curve every `evaluate_every` trials. In a row, train_loss is
// the mean error of the trials since the row before, whatever loss the rule descends, and
// train_accuracy the share of them with an error below the criterion's; test_loss and test_accuracy
// are the same of trials of every kind without exploration, in a task with contexts the mean over
// them, and a context's end has a row of its own. A rule that fails or diverges (E30x)
// makes a failed record, `stop` an interrupted one; both keep what was measured up to there, and an
// interrupted one its state, from which a later run goes on. A run that finished has the metric
// "weight_change", WeightChange::relative of its largest plastic connection, and where it
// `is_analysed` also what analyse() says of it.
template <class T>
[[nodiscard]] RunOutcome run_trials(const PreparedArm& arm, const TrialTask& task,
                                    std::uint64_t seed, const RunPlan& plan,
                                    const std::stop_token& stop);

// Builds what run_trials() would train and throws what is wrong with it: E003, E203..E206,
// E503..E513.
template <class T>
void check_trials(const PreparedArm& arm, const TrialTask& task, std::uint64_t seed);

}  // namespace deltaw
