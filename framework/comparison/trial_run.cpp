// SPDX-License-Identifier: Apache-2.0
// Trials, their measurements, and how a run can end.
#include "comparison/trial_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/analyse.hpp"
#include "comparison/context_course.hpp"
#include "comparison/cost.hpp"
#include "comparison/measure.hpp"
#include "comparison/snapshot.hpp"
#include "core/naming_arm.hpp"
#include "training/trial_trainer.hpp"

namespace deltaw {
namespace {

// Noise-free trials of each kind in a row of the curve, and in the last one.
constexpr std::uint64_t k_tests = 2, k_final_tests = 20;

struct Mean {
  double errors = 0, right = 0, count = 0;

  void add(double error, const Criterion& criterion) {
    errors += error;
    if (error < criterion.error) right += 1;
    count += 1;
  }
  void add(const Mean& other) {
    errors += other.errors;
    right += other.right;
    count += other.count;
  }
};

template <class T>
Mean test(TrialTrainer<T>& trainer, std::size_t context, std::uint64_t seed, std::uint64_t tests,
          const Criterion& criterion) {
  Mean mean;
  const TrialTask& task = trainer.task();
  for (std::uint32_t kind = 0; kind < task.kinds(); ++kind) {
    for (std::uint64_t i = 0; i < tests; ++i) {
      const std::uint64_t number = i * task.kinds() + kind;
      const Trial trial = task.of_kind(kind, seed, i, context);
      mean.add(trainer.error_of(trial, "test start", number), criterion);
    }
  }
  return mean;
}

template <class T>
void keep_initial_weights(const Network<T>& network, RunOutcome& outcome) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    const Graph::Connection& connection = network.graph().connections[c];
    if (!connection.is_plastic) continue;
    outcome.arrays.emplace_back("initial/" + connection.name, to_npy<T>(network.weights(c)));
  }
}

// Trains to the end, or until asked to stop, or until an error.
template <class T>
class Training {
 public:
  Training(TrialTrainer<T>& trainer, const TrainingSpec& training, std::uint64_t seed,
           const RunPlan& plan, RunRecord& record)
      : trainer_(trainer),
        training_(training),
        seed_(seed),
        plan_(plan),
        record_(record),
        course_(trainer.task()),
        checkpoint_(plan.state, record, [this](StateWriter& writer) { save(writer); }) {}

  void train(const std::stop_token& stop) {
    if (!checkpoint_.resume([this](StateReader& reader) { return load(reader); })) {
      measure_row(course_.is_end(0) ? k_final_tests : k_tests);
    }
    while (trainer_.trials() < training_.trials) {
      if (stop.stop_requested()) {
        record_.status = "interrupted";
        checkpoint_.keep_interrupted();
        return;
      }
      const double error = trainer_.train_trial();
      record_.errors.push_back(static_cast<float>(error));
      mean_.add(error, plan_.criterion);
      const bool is_end =
          trainer_.trials() == training_.trials || course_.is_end(trainer_.trials());
      if (is_end || trainer_.trials() % training_.evaluate_every == 0) {
        measure_row(is_end ? k_final_tests : k_tests);
      }
      checkpoint_.pass();
    }
  }

  [[nodiscard]] const ContextCourse& course() const { return course_; }

 private:
  void measure_row(std::uint64_t tests) {
    EpochRow row{
        .epoch = trainer_.trials(), .updates = trainer_.updates(), .seconds = trainer_.seconds()};
    if (mean_.count > 0) {
      row.train_loss = mean_.errors / mean_.count;
      row.train_accuracy = mean_.right / mean_.count;
    }
    mean_ = {};
    keep_alignment(trainer_.take_alignment(), row, record_);
    test_contexts(tests, row);
    record_.curve.push_back(row);
    if (plan_.on_epoch) plan_.on_epoch(row);
  }

  void test_contexts(std::uint64_t tests, EpochRow& row) {
    const std::size_t contexts = std::max<std::size_t>(trainer_.task().contexts().size(), 1);
    Mean all;
    std::vector<double> accuracies;
    for (std::size_t context = 0; context < contexts; ++context) {
      const Mean mean = test(trainer_, context, seed_, tests, plan_.criterion);
      all.add(mean);
      accuracies.push_back(mean.right / mean.count);
    }
    row.test_loss = all.errors / all.count;
    row.test_accuracy = all.right / all.count;
    course_.add(accuracies, trainer_.trials());
  }

  void save(StateWriter& writer) const {
    trainer_.save(writer);
    course_.save(writer);
    for (const double sum : {mean_.errors, mean_.right, mean_.count}) writer.real("mean", sum);
  }
  double load(StateReader& reader) {
    trainer_.load(reader);
    course_.load(reader);
    for (double* sum : {&mean_.errors, &mean_.right, &mean_.count}) *sum = reader.real("mean");
    return static_cast<double>(trainer_.trials());
  }

  TrialTrainer<T>& trainer_;
  const TrainingSpec& training_;
  std::uint64_t seed_;
  const RunPlan& plan_;
  RunRecord& record_;
  Mean mean_;  // since the last row
  ContextCourse course_;
  Checkpoint checkpoint_;
};

// Empty where the network diverges without noise: a run is not judged by its analysis.
template <class T>
std::optional<Snapshot> snapshot(TrialTrainer<T>& trainer, const SnapshotPlan& plan,
                                 std::uint64_t seed) {
  try {
    return take_snapshot(trainer, plan, seed);
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    return std::nullopt;
  }
}

}  // namespace

template <class T>
RunOutcome run_trials(const PreparedArm& arm, const TrialTask& task, std::uint64_t seed,
                      const RunPlan& plan, const std::stop_token& stop) {
  const TrainingSpec& training = arm.arm().training;
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = arm.arm().name;
  record.seed = seed;
  TrialTrainer<T> trainer(arm.arm().network, training, arm.drives(), task, seed);
  if (arm.alignment()) trainer.watch(*arm.alignment());
  keep_initial_weights(trainer.network(), outcome);
  const auto initial = plastic_weights(trainer.network());
  const SnapshotPlan snapshots = plan_snapshots(trainer.network(), task);
  std::optional<double> change;
  Training<T> run(trainer, training, seed, plan, record);
  std::map<std::string, std::optional<double>> of_contexts;
  try {
    const auto before = plan.is_analysed ? snapshot(trainer, snapshots, seed) : std::nullopt;
    run.train(stop);
    if (record.status == "finished") {
      of_contexts = run.course().metrics(record.errors, plan.criterion);
      change = relative_change(initial, plastic_weights(trainer.network()));
      const auto after = before ? snapshot(trainer, snapshots, seed) : std::nullopt;
      if (after) {
        const std::string& layer = trainer.network().graph().layers[snapshots.layer].name;
        outcome.analysis = std::make_shared<const nlohmann::json>(
            analyse(snapshots, *before, *after, task, layer));
      }
    }
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    record.status = "failed";
    record.error = error.text();
  }
  record.metrics = of_contexts;  // of the times to criterion these count
  record.metrics.merge(measure_trials(record, plan.criterion));
  record.metrics["weight_change"] = change;
  record.metrics.merge(cost_metrics(trainer.work(), trainer.state_bytes()));
  outcome.weights = weights_of(trainer.network());
  outcome.arrays.emplace_back("errors", NpyMatrix{1, record.errors.size(), record.errors});
  if (!of_contexts.empty()) {
    outcome.arrays.emplace_back("accuracy_matrix", to_npy<double>(run.course().matrix()));
    outcome.arrays.emplace_back("context_accuracy", to_npy<double>(run.course().all()));
  }
  return outcome;
}

template <class T>
void check_trials(const PreparedArm& arm, const TrialTask& task, std::uint64_t seed) {
  naming_arm(arm.arm().name, [&] {
    const std::size_t planned = task.contexts().size() * task.trials_of_context();
    if (planned > 0 && arm.arm().training.trials != planned) {
      throw Error(Code::E503, "the trials are not those of the contexts",
                  {.expected = fmt::format("{} contexts of {}: {}", task.contexts().size(),
                                           task.trials_of_context(), planned),
                   .found = fmt::format("{}", arm.arm().training.trials),
                   .hint = "\"trials\" in the training, or \"each\" in the task"});
    }
    TrialTrainer<T> trainer(arm.arm().network, arm.arm().training, arm.drives(), task, seed);
    if (arm.alignment()) trainer.watch(*arm.alignment());
  });
}

template RunOutcome run_trials<float>(const PreparedArm&, const TrialTask&, std::uint64_t,
                                      const RunPlan&, const std::stop_token&);
template RunOutcome run_trials<double>(const PreparedArm&, const TrialTask&, std::uint64_t,
                                       const RunPlan&, const std::stop_token&);
template void check_trials<float>(const PreparedArm&, const TrialTask&, std::uint64_t);
template void check_trials<double>(const PreparedArm&, const TrialTask&, std::uint64_t);

}  // namespace deltaw
