// SPDX-License-Identifier: Apache-2.0
// Workers take the next (seed, arm); what they find goes through one queue to the caller.
#include "comparison/compare.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <variant>

#include "comparison/collect.hpp"
#include "comparison/runner.hpp"

namespace deltaw {
namespace {

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

// Not every sample of a fast network is worth a message.
constexpr auto k_between_shown = std::chrono::milliseconds(50);

// Everything that workers share.
struct Work {
  const Experiment& experiment;
  const std::vector<PreparedArm>& arms;
  const Earlier& earlier;
  std::optional<std::chrono::duration<double>> between_states;  // none: no states
  std::size_t threads;                                          // of one run
  Runner runner;
  std::atomic<std::size_t> next{0};

  [[nodiscard]] bool is_analysed(std::uint64_t seed) const {
    const auto place = std::ranges::find(experiment.seeds, seed) - experiment.seeds.begin();
    return static_cast<std::size_t>(place) < experiment.analysed_seeds;
  }

  StatePlan state_plan(const std::string& arm, std::uint64_t seed, Queue<Message>& queue) {
    StatePlan plan;
    if (earlier.state) plan.kept = earlier.state(arm, seed);
    plan.on_resumed = [&queue, arm, seed](double done) {
      queue.put(ResumedMessage{arm, seed, done});
    };
    if (!between_states) return plan;
    plan.every = *between_states;
    plan.on_state = [&queue, arm, seed](std::string state) {
      queue.put(StateMessage{arm, seed, std::move(state)});
    };
    return plan;
  }

  RunPlan run_plan(const std::string& arm, std::uint64_t seed, Queue<Message>& queue) {
    RunPlan plan{experiment.criterion, runner.features()};
    plan.on_epoch = [&queue, arm, seed](const EpochRow& row) {
      queue.put(EpochMessage{arm, seed, row});
    };
    plan.on_readout = [&queue, arm, seed](const std::string& readout, std::size_t epoch,
                                          std::size_t epochs) {
      queue.put(ReadoutMessage{arm, seed, readout, epoch, epochs});
    };
    plan.on_shown = [&queue, arm, seed,
                     told = std::chrono::steady_clock::time_point{}](const Shown& shown) mutable {
      const auto now = std::chrono::steady_clock::now();
      if (now - told < k_between_shown && shown.done != shown.of) return;
      told = now;
      queue.put(ShownMessage{arm, seed, shown});
    };
    plan.is_analysed = is_analysed(seed);
    plan.threads = threads;
    plan.state = state_plan(arm, seed, queue);
    return plan;
  }

  void work(Queue<Message>& queue, const std::stop_token& stop) {
    const std::size_t count = experiment.seeds.size() * arms.size();
    for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++) {
      const std::uint64_t seed = experiment.seeds[i / arms.size()];
      const PreparedArm& arm = arms[i % arms.size()];
      const std::string& name = arm.arm().name;
      if (earlier.has_ended && earlier.has_ended(name, seed)) continue;
      queue.put(runner.run(arm, seed, run_plan(name, seed, queue), stop));
    }
  }
};

void deliver(const Message& message, const Listener& listener) {
  if (const auto* epoch = std::get_if<EpochMessage>(&message)) {
    if (listener.on_epoch) listener.on_epoch({epoch->rule, epoch->seed, epoch->row});
  } else if (const auto* learnt = std::get_if<ReadoutMessage>(&message)) {
    if (!listener.on_readout) return;
    listener.on_readout(
        {learnt->rule, learnt->seed, learnt->readout, learnt->epoch, learnt->epochs});
  } else if (const auto* shown = std::get_if<ShownMessage>(&message)) {
    if (listener.on_shown) listener.on_shown({shown->rule, shown->seed, shown->shown});
  } else if (const auto* kept = std::get_if<StateMessage>(&message)) {
    listener.on_state({kept->rule, kept->seed, kept->state});
  } else if (const auto* resumed = std::get_if<ResumedMessage>(&message)) {
    if (listener.on_resumed) listener.on_resumed(resumed->rule, resumed->seed, resumed->done);
  } else if (listener.on_run) {
    listener.on_run(std::get<RunOutcome>(message));
  }
}

std::size_t threads_of(std::size_t jobs) {
  return jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

std::size_t worker_count(const std::vector<PreparedArm>& arms, std::size_t runs, std::size_t jobs) {
  if (!std::ranges::all_of(arms, &PreparedArm::is_concurrent)) return 1;
  return std::min(threads_of(jobs), runs);
}

void check(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task) {
  Runner runner(experiment, task);
  for (const PreparedArm& arm : arms) runner.check(arm, experiment.seeds.front(), true);
}

void compare(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task,
             std::size_t jobs, const std::stop_token& stop, const Listener& listener,
             const Earlier& earlier, std::chrono::duration<double> between_states) {
  const std::size_t workers = worker_count(arms, arms.size() * experiment.seeds.size(), jobs);
  Work work{experiment,
            arms,
            earlier,
            listener.on_state ? std::optional(between_states) : std::nullopt,
            std::max<std::size_t>(1, threads_of(jobs) / workers),
            Runner(experiment, task)};
  collect<Message>(
      workers, stop,
      [&](Queue<Message>& queue, const std::stop_token& ended) { work.work(queue, ended); },
      [&](const Message& message) { deliver(message, listener); }, listener.on_wait);
}

}  // namespace deltaw
