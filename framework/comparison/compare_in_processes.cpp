// SPDX-License-Identifier: Apache-2.0
// Starts processes, listens to all of them, and makes records of those that die.
#include "comparison/compare_in_processes.hpp"

#include <poll.h>

#include <list>

#include "comparison/measure.hpp"
#include "comparison/message.hpp"
#include "comparison/numbered_runs.hpp"
#include "comparison/run_process.hpp"
#include "comparison/runner.hpp"

namespace deltaw {
namespace {

constexpr int k_look = 100;  // ms between looks at what a process does

// A run under way, and what it would leave if its process died now.
struct Running {
  Running(const std::string& rule, std::uint64_t seed, const RunProcess::Work& work)
      : process(rule, seed, work), record{.rule = rule, .seed = seed} {}

  RunProcess process;
  RunRecord record;
  bool has_outcome = false;
};

class Processes {
 public:
  Processes(const Listener& listener, const ProcessPlan& plan) : listener_(listener), plan_(plan) {}

  ~Processes() { ask_to_stop(); }
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  [[nodiscard]] std::size_t count() const { return running_.size(); }
  void start(const std::string& rule, std::uint64_t seed, const RunProcess::Work& work) {
    running_.emplace_back(rule, seed, work);
  }
  void ask_to_stop() {
    for (Running& run : running_) run.process.ask_to_stop();
  }
  // Waits for something to happen, and passes it on.
  void listen() {
    std::vector<pollfd> waiting;
    for (const Running& run : running_) waiting.push_back({run.process.descriptor(), POLLIN, 0});
    poll(waiting.data(), waiting.size(), k_look);
    for (auto run = running_.begin(); run != running_.end();) {
      run->process.watch(plan_.call_limit);
      for (const Message& message : run->process.take()) hear(*run, message);
      const bool has_ended = run->process.has_ended();
      if (has_ended && !run->has_outcome) bury(*run);
      run = has_ended ? running_.erase(run) : std::next(run);
    }
  }

 private:
  void hear(Running& run, const Message& message) {
    if (const auto* epoch = std::get_if<EpochMessage>(&message)) {
      run.record.curve.push_back(epoch->row);
    }
    run.has_outcome |= std::holds_alternative<RunOutcome>(message);
    deliver(message, listener_);
  }
  void bury(Running& run) {
    RunOutcome outcome;
    outcome.record = std::move(run.record);
    outcome.record.status = "failed";
    outcome.record.error = run.process.cause().text();
    outcome.record.metrics = measure(outcome.record.curve);
    plan_.keep(outcome);
    if (listener_.on_run) listener_.on_run(outcome);
  }

  const Listener& listener_;
  const ProcessPlan& plan_;
  std::list<Running> running_;
};

}  // namespace

void check_in_processes(const Experiment& experiment, const std::vector<PreparedArm>& arms,
                        const Task& task) {
  Runner runner(experiment, task);
  for (const PreparedArm& arm : arms) {
    RunProcess process(arm.arm().name, experiment.seeds.front(),
                       [&](const Put&, const std::stop_token&) {
                         runner.check(arm, experiment.seeds.front(), true);
                         return RunOutcome();
                       });
    while (!process.has_ended()) {
      pollfd waiting = {process.descriptor(), POLLIN, 0};
      poll(&waiting, 1, k_look);
      process.watch(k_minute);
      static_cast<void>(process.take());
    }
  }
}

void compare_in_processes(const Experiment& experiment, const std::vector<PreparedArm>& arms,
                          const Task& task, std::size_t jobs, const std::stop_token& stop,
                          const Listener& listener, const Earlier& earlier,
                          std::chrono::duration<double> between_states, const ProcessPlan& plan) {
  const NumberedRuns runs{experiment, arms};
  const std::size_t most = std::min(threads_of(jobs), runs.count());
  const Telling telling = telling_of(jobs, most, listener, between_states);
  Runner runner(experiment, task);
  const auto work_of = [&](const PreparedArm& arm, std::uint64_t seed) {
    return [&, seed](const Put& put, const std::stop_token& stopped) {
      const Put tell = [&](Message message) {
        if (const auto* kept = std::get_if<StateMessage>(&message)) {
          listener.on_state({kept->rule, kept->seed, kept->state});
        } else {
          put(std::move(message));
        }
      };
      const RunPlan how = plan_run(experiment, telling, earlier, arm.arm().name, seed, tell);
      RunOutcome outcome = runner.run(arm, seed, how, stopped);
      plan.keep(outcome);
      return outcome;
    };
  };
  Processes processes(listener, plan);
  for (std::size_t next = 0; next < runs.count() || processes.count() > 0;) {
    if (stop.stop_requested()) {
      next = runs.count();
      processes.ask_to_stop();
    }
    for (; next < runs.count() && processes.count() < most; ++next) {
      if (runs.has_ended(next, earlier)) continue;
      const std::uint64_t seed = runs.seed(next);
      processes.start(runs.name(next), seed, work_of(runs.arm(next), seed));
    }
    if (processes.count() > 0) processes.listen();
    if (listener.on_wait) listener.on_wait();
  }
}

}  // namespace deltaw
