// SPDX-License-Identifier: Apache-2.0
// Workers take runs from the agenda and prepare them themselves, so that no core waits for that.
#include "tuning/tune.hpp"

#include <sys/resource.h>

#include <atomic>

#include "comparison/collect.hpp"
#include "comparison/compare.hpp"
#include "core/clock.hpp"

namespace deltaw {
namespace {

double process_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

TrialRecord record_of(const TuningPlan& plan, const Agenda::Entry& entry, const RunRecord& run) {
  const auto seconds = run.metrics.find("seconds");
  const bool has_time = seconds != run.metrics.end() && seconds->second;
  return {plan.arms[entry.arm].name,
          entry.run,
          run.seed,
          run.status,
          run.error,
          score_of(plan.objective, run),
          has_time ? *seconds->second : 0};
}

std::vector<PreparedArm> first_trials(const TuningPlan& plan, Catalogue& catalogue) {
  std::vector<PreparedArm> arms;
  for (const TunedArm& arm : plan.arms) arms.emplace_back(plan.arm_at(arm, 0, 0), catalogue);
  return arms;
}

}  // namespace

void check(const TuningPlan& plan, const Task& task, Catalogue& catalogue) {
  Runner runner(plan.experiment, task, false);
  for (const PreparedArm& arm : first_trials(plan, catalogue)) {
    runner.check(arm, plan.experiment.tune.seeds.front(), false);
  }
}

std::optional<TrialRecord> run_entry(const TuningPlan& plan, const Agenda::Entry& entry,
                                     Runner& runner, Catalogue& catalogue,
                                     const std::stop_token& stop) {
  const RunPlan wanted{plan.experiment.criterion, runner.features()};
  const PreparedArm arm(plan.arm_at(plan.arms[entry.arm], entry.run.trial, entry.run.rung),
                        catalogue);
  const std::uint64_t seed = plan.experiment.tune.seeds[entry.run.seed];
  const RunOutcome outcome = runner.run(arm, seed, wanted, stop);
  if (outcome.record.status == "interrupted") return std::nullopt;
  return record_of(plan, entry, outcome.record);
}

WorkerLoad tune(const TuningPlan& plan, const Task& task, Catalogue& catalogue,
                const std::vector<TrialRecord>& done, std::size_t jobs, const std::stop_token& stop,
                const TuningListener& listener) {
  Runner runner(plan.experiment, task, false);
  Agenda agenda(plan, done);
  std::atomic<double> running = 0;
  const auto work = [&](Queue<TrialRecord>& queue, const std::stop_token& ended) {
    while (const auto entry = agenda.take(ended)) {
      const Stopwatch one;
      const auto record = run_entry(plan, *entry, runner, catalogue, ended);
      if (!record) return;
      agenda.finish(*entry, record->score, one.seconds());
      queue.put(*record);
      running += one.seconds();
    }
  };
  WorkerLoad load{worker_count(first_trials(plan, catalogue), plan.runs(), jobs)};
  const Stopwatch whole;
  const double cpu = process_seconds();
  collect<TrialRecord>(
      load.jobs, stop, work,
      [&](const TrialRecord& record) {
        if (listener.on_run) listener.on_run(record);
      },
      listener.on_wait);
  load.wall = whole.seconds();
  load.cpu = process_seconds() - cpu;
  load.running = running;
  return load;
}

}  // namespace deltaw
