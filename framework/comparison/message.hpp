// SPDX-License-Identifier: Apache-2.0
// What a run tells the thread that collects, which may be of another process. Plain values: any
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "comparison/compare.hpp"
#include "comparison/run.hpp"

namespace deltaw {

struct EpochMessage {
  std::string rule;
  std::uint64_t seed;
  EpochRow row;
};
struct ReadoutMessage {
  std::string rule;
  std::uint64_t seed;
  std::string readout;
  std::size_t epoch, epochs;
};
struct ShownMessage {
  std::string rule;
  std::uint64_t seed;
  Shown shown;
};
struct StateMessage {
  std::string rule;
  std::uint64_t seed;
  std::string state;
};
struct ResumedMessage {
  std::string rule;
  std::uint64_t seed;
  double done;
};
using Message = std::variant<EpochMessage, ReadoutMessage, ShownMessage, StateMessage,
                             ResumedMessage, RunOutcome>;
using Put = std::function<void(Message)>;

// How runs tell: which threads each may use, and how often its state; none: no states.
struct Telling {
  std::size_t threads = 1;
  std::optional<std::chrono::duration<double>> between_states = {};
};

// How runs tell where `workers` go side by side: each may use the threads that are left over.
[[nodiscard]] Telling telling_of(std::size_t jobs, std::size_t workers, const Listener& listener,
                                 std::chrono::duration<double> between_states);

// One run of an experiment, which tells `put`; the plan holds on to experiment and `put`.
[[nodiscard]] RunPlan plan_run(const Experiment& experiment, const Telling& telling,
                               const Earlier& earlier, const std::string& arm, std::uint64_t seed,
                               const Put& put);

// Calls whom it concerns.
void deliver(const Message& message, const Listener& listener);

// `jobs`, or one a core where they are 0.
[[nodiscard]] std::size_t threads_of(std::size_t jobs);

}  // namespace deltaw
