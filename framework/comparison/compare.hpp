// SPDX-License-Identifier: Apache-2.0
// All runs of an experiment, paired by seed, several at a time. The calling thread collects and
// writes; workers train. Bits do not depend on the number of workers.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "experiment/experiment.hpp"
#include "task/task.hpp"

namespace deltaw {

// How much of a run is lost at most when the machine fails.
inline constexpr std::chrono::duration<double> k_minute{60};

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

// The state of a run that goes on, from which a later process may go on.
struct StateEvent {
  const std::string& rule;
  std::uint64_t seed;
  const std::string& state;
};

// Where a comparison tells what happens. Each is called from the collecting thread.
struct Listener {
  std::function<void(const RunEvent&)> on_epoch = {};
  std::function<void(const ReadoutEvent&)> on_readout = {};
  std::function<void(const ShownEvent&)> on_shown = {};  // of spiking networks, now and then
  std::function<void(const StateEvent&)> on_state = {};  // now and then, and when interrupted
  // A run goes on with a state that was kept: the epochs, or trials, done before.
  std::function<void(const std::string& rule, std::uint64_t seed, double done)> on_resumed = {};
  std::function<void(const RunOutcome&)> on_run = {};  // as runs end, in no fixed order
  std::function<void()> on_wait = {};                  // about ten times a second
};

// What an earlier process left. Its functions are called by workers.
struct Earlier {
  std::function<bool(const std::string& rule, std::uint64_t seed)> has_ended = {};
  std::function<std::optional<std::string>(const std::string& rule, std::uint64_t seed)> state = {};
};

// Builds each arm once with the first seed and throws what is wrong with it, before time is spent
// and before anything is written. Errors: those of check_run() and check_trials(), and E503 for a
// criterion on an empty part.
void check(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task);

// How many of `runs` go at a time: `jobs`, 0 for one a core; but one when a rule does not declare
// that its instances may run on distinct threads ("concurrent").
[[nodiscard]] std::size_t worker_count(const std::vector<PreparedArm>& arms, std::size_t runs,
                                       std::size_t jobs);

// Every arm with every seed that has not ended earlier; `jobs` as for worker_count(). Where there
// are fewer runs than jobs, each may use threads of the others (RunPlan::threads). When `stop`
// is requested, runs under way end as interrupted and no other starts. Errors: those of check(),
// E306 for a state that is none of this experiment's, and what a listener or `earlier` throws.
void compare(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task,
             std::size_t jobs, const std::stop_token& stop, const Listener& listener,
             const Earlier& earlier = {}, std::chrono::duration<double> between_states = k_minute);

}  // namespace deltaw
