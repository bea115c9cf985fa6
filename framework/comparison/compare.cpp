// SPDX-License-Identifier: Apache-2.0
// Workers take the next (seed, arm); what they find goes through one queue to the caller.
#include "comparison/compare.hpp"

#include <algorithm>
#include <atomic>

#include "comparison/collect.hpp"
#include "comparison/message.hpp"
#include "comparison/numbered_runs.hpp"
#include "comparison/runner.hpp"

namespace deltaw {
namespace {

// Everything that workers share.
struct Work {
  const NumberedRuns runs;
  const Earlier& earlier;
  const Telling& telling;
  Runner runner;
  std::atomic<std::size_t> next{0};

  void work(Queue<Message>& queue, const std::stop_token& stop) {
    const Put put = [&queue](Message message) { queue.put(std::move(message)); };
    for (std::size_t i = next++; i < runs.count() && !stop.stop_requested(); i = next++) {
      if (runs.has_ended(i, earlier)) continue;
      const RunPlan plan =
          plan_run(runs.experiment, telling, earlier, runs.name(i), runs.seed(i), put);
      put(runner.run(runs.arm(i), runs.seed(i), plan, stop));
    }
  }
};

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
  const Telling telling = telling_of(jobs, workers, listener, between_states);
  Work work{{experiment, arms}, earlier, telling, Runner(experiment, task)};
  collect<Message>(
      workers, stop,
      [&](Queue<Message>& queue, const std::stop_token& ended) { work.work(queue, ended); },
      [&](const Message& message) { deliver(message, listener); }, listener.on_wait);
}

}  // namespace deltaw
