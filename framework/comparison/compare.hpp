// SPDX-License-Identifier: Apache-2.0
// All runs of an experiment, paired by seed, several at a time. The calling thread collects and
// writes; workers train. Bits do not depend on the number of workers.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <vector>

#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "experiment/experiment.hpp"
#include "task/task.hpp"

namespace deltaw {

struct RunEvent {
  const std::string& rule;
  std::uint64_t seed;
  const EpochRow& row;  // the epoch just measured
};

struct ReadoutEvent {
  const std::string& rule;
  std::uint64_t seed;
  const std::string& readout;
  std::size_t epoch, epochs;  // learnt, of how many
};

struct ShownEvent {
  const std::string& rule;
  std::uint64_t seed;
  const Shown& shown;
};

// Where a comparison tells what happens. Each is called from the collecting thread.
struct Listener {
  std::function<void(const RunEvent&)> on_epoch = {};
  std::function<void(const ReadoutEvent&)> on_readout = {};
  std::function<void(const ShownEvent&)> on_shown = {};  // of spiking networks, now and then
  std::function<void(const RunOutcome&)> on_run = {};    // as runs end, in no fixed order
  std::function<void()> on_wait = {};                    // about ten times a second
};

// Builds each arm once with the first seed and throws what is wrong with it, before time is spent
// and before anything is written. Errors: those of check_run() and check_trials(), and E503 for a
// criterion on an empty part.
void check(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task);

// How many of `runs` go at a time: `jobs`, 0 for one a core; but one when a rule does not declare
// that its instances may run on distinct threads ("concurrent").
[[nodiscard]] std::size_t worker_count(const std::vector<PreparedArm>& arms, std::size_t runs,
                                       std::size_t jobs);

// Every arm with every seed; `jobs` as for worker_count(). When `stop` is requested, runs under way
// end as interrupted and no other starts. Errors: those of check(), and what a listener throws.
void compare(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task,
             std::size_t jobs, const std::stop_token& stop, const Listener& listener);

}  // namespace deltaw
