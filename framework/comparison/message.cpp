// SPDX-License-Identifier: Apache-2.0
#include "comparison/message.hpp"

#include <algorithm>
#include <thread>

namespace deltaw {
namespace {

// Not every sample of a fast network is worth a message.
constexpr auto k_between_shown = std::chrono::milliseconds(50);

bool is_analysed(const Experiment& experiment, std::uint64_t seed) {
  const auto place = std::ranges::find(experiment.seeds, seed) - experiment.seeds.begin();
  return static_cast<std::size_t>(place) < experiment.analysed_seeds;
}

StatePlan plan_states(const Telling& telling, const Earlier& earlier, const std::string& arm,
                      std::uint64_t seed, const Put& put) {
  StatePlan plan;
  if (earlier.state) plan.kept = earlier.state(arm, seed);
  plan.on_resumed = [&put, arm, seed](double done) { put(ResumedMessage{arm, seed, done}); };
  if (!telling.between_states) return plan;
  plan.every = *telling.between_states;
  plan.on_state = [&put, arm, seed](std::string state) {
    put(StateMessage{arm, seed, std::move(state)});
  };
  return plan;
}

}  // namespace

Telling telling_of(std::size_t jobs, std::size_t workers, const Listener& listener,
                   std::chrono::duration<double> between_states) {
  return {std::max<std::size_t>(1, threads_of(jobs) / workers),
          listener.on_state ? std::optional(between_states) : std::nullopt};
}

RunPlan plan_run(const Experiment& experiment, const Telling& telling, const Earlier& earlier,
                 const std::string& arm, std::uint64_t seed, const Put& put) {
  RunPlan plan{experiment.criterion, experiment.features ? &*experiment.features : nullptr};
  plan.on_epoch = [&put, arm, seed](const EpochRow& row) { put(EpochMessage{arm, seed, row}); };
  plan.on_readout = [&put, arm, seed](const std::string& readout, std::size_t epoch,
                                      std::size_t epochs) {
    put(ReadoutMessage{arm, seed, readout, epoch, epochs});
  };
  plan.on_shown = [&put, arm, seed,
                   told = std::chrono::steady_clock::time_point{}](const Shown& shown) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - told < k_between_shown && shown.done != shown.of) return;
    told = now;
    put(ShownMessage{arm, seed, shown});
  };
  plan.is_analysed = is_analysed(experiment, seed);
  plan.threads = telling.threads;
  plan.state = plan_states(telling, earlier, arm, seed, put);
  return plan;
}

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

}  // namespace deltaw
