// SPDX-License-Identifier: Apache-2.0
// The runs of a tuning, several at a time. The calling thread collects; workers train. What is
// found depends neither on the number of workers nor on the order in which runs end.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "comparison/runner.hpp"
#include "plugin/catalogue.hpp"
#include "task/task.hpp"
#include "tuning/agenda.hpp"
#include "tuning/plan.hpp"
#include "tuning/trial_record.hpp"

namespace deltaw {

// Both are called from the collecting thread.
struct TuningListener {
  std::function<void(const TrialRecord&)> on_run = {};  // as runs end, in no fixed order
  std::function<void()> on_wait = {};                   // about ten times a second
};

// How the workers spent their time: seconds.
struct WorkerLoad {
  std::size_t jobs = 1;
  double wall = 0;     // from the first run's start to the last one's end
  double running = 0;  // inside runs, summed over workers
  double cpu = 0;      // of the whole process

  // Shares of jobs x wall: of time in which a worker had a run, and of CPU time.
  [[nodiscard]] double busy() const { return running / (static_cast<double>(jobs) * wall); }
  [[nodiscard]] double given() const { return cpu / (static_cast<double>(jobs) * wall); }
};

// Builds the first trial of each arm with the first seed and throws what is wrong with it, before
// time is spent. Errors: those of PreparedArm and Runner::check().
void check(const TuningPlan& plan, const Task& task, Catalogue& catalogue);

// One run of the plan. None when `stop` was requested before it ended. Any thread.
[[nodiscard]] std::optional<TrialRecord> run_entry(const TuningPlan& plan,
                                                   const Agenda::Entry& entry, Runner& runner,
                                                   Catalogue& catalogue,
                                                   const std::stop_token& stop);

// Runs what `done` does not hold; `jobs` at a time, as worker_count() says. A run that fails or
// diverges counts as the worst. No run sees the test part. When `stop` is requested, runs under way
// are given up.
WorkerLoad tune(const TuningPlan& plan, const Task& task, Catalogue& catalogue,
                const std::vector<TrialRecord>& done, std::size_t jobs, const std::stop_token& stop,
                const TuningListener& listener);

}  // namespace deltaw
