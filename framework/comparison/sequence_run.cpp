// SPDX-License-Identifier: Apache-2.0
// Contexts, one after another, and all of them measured again and again.
#include "comparison/sequence_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "comparison/cost.hpp"
#include "comparison/forgetting.hpp"
#include "comparison/measure.hpp"
#include "core/naming_arm.hpp"
#include "task/order.hpp"
#include "training/static_trainer.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t k_unlimited = std::numeric_limits<std::uint64_t>::max();

// Both parts are judged context by context, by the outputs that answer for it.
template <class T>
class Course {
 public:
  Course(StaticTrainer<T>& trainer, const Contexts<T>& contexts)
      : trainer_(trainer), contexts_(contexts) {}

  // A row of the curve; `learnt` is what is being learnt.
  EpochRow measure(const Partition<T>& learnt, std::size_t context) {
    EpochRow row{
        .epoch = trainer_.epoch(), .updates = trainer_.updates(), .seconds = trainer_.seconds()};
    const Score train = score(learnt, context);
    row.train_loss = train.loss;
    row.train_accuracy = train.accuracy;
    std::vector<double> accuracies;
    Score validation, test;
    std::size_t validated = 0;
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
      const Score of_test = score(contexts_.test(i), i);
      accuracies.push_back(of_test.accuracy);
      add(of_test, test);
      const Partition<T> part = contexts_.validation(i);
      if (part.size() == 0) continue;
      ++validated;
      add(score(part, i), validation);
    }
    row.test_loss = test.loss / static_cast<double>(contexts_.size());
    row.test_accuracy = test.accuracy / static_cast<double>(contexts_.size());
    if (validated > 0) {
      row.validation_loss = validation.loss / static_cast<double>(validated);
      row.validation_accuracy = validation.accuracy / static_cast<double>(validated);
    }
    rows_.push_back(std::move(accuracies));
    return row;
  }

  double accuracy(const Partition<T>& part, std::size_t context) {
    return score(part, context).accuracy;
  }

  // Test accuracies of the latest row.
  [[nodiscard]] const std::vector<double>& latest() const { return rows_.back(); }
  // rows x contexts
  [[nodiscard]] arma::mat all() const {
    arma::mat all(rows_.size(), contexts_.size());
    for (std::size_t r = 0; r < rows_.size(); ++r) all.row(r) = arma::rowvec(rows_[r]);
    return all;
  }

 private:
  Score score(const Partition<T>& part, std::size_t context) {
    trainer_.network().answer_with(contexts_.outputs(context));
    return trainer_.evaluator().score(part);
  }
  static void add(const Score& score, Score& sum) {
    sum.loss += score.loss;
    sum.accuracy += score.accuracy;
  }

  StaticTrainer<T>& trainer_;
  const Contexts<T>& contexts_;
  std::vector<std::vector<double>> rows_;
};

// Goes on for so many epochs or updates, whichever ends first; false when stopped.
template <class T, class After>
bool go_on(StaticTrainer<T>& trainer, std::size_t epochs, std::uint64_t updates,
           const std::stop_token& stop, After after) {
  const std::uint64_t before = trainer.updates();
  for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
    if (!trainer.train_epoch(stop, {}, updates - (trainer.updates() - before))) return false;
    const bool is_last = epoch == epochs || trainer.updates() - before == updates;
    after(epoch, is_last);
    if (is_last) break;
  }
  return true;
}

// Accuracy of each context by networks that learnt it together with those before; empty when
// stopped.
template <class T>
std::vector<double> joint_accuracies(const PreparedArm& arm, const Contexts<T>& contexts,
                                     const SequenceSpec& sequence, std::uint64_t seed,
                                     const std::stop_token& stop) {
  const TrainingSpec& training = arm.arm().training;
  const Partition<T> first = contexts.train(0);
  std::vector<Group> groups = {{{0, first.size()}, contexts.outputs(0)}};
  std::vector<double> accuracies;
  Partition<T> all = first;
  for (std::size_t k = 0; k < contexts.size(); ++k) {
    if (k > 0) {
      all = joined(all, contexts.train(k));
      if (sequence.scenario == "task") {
        groups.push_back({{groups.back().samples.last, all.size()}, contexts.outputs(k)});
      } else {
        groups.back().samples.last = all.size();
      }
    }
    StaticTrainer<T> trainer(arm.arm().network, training, arm.drives(), first, seed);
    trainer.learn(all, groups);
    const bool is_counted = sequence.updates > 0;
    const std::size_t epochs = is_counted ? k_unlimited : training.epochs;
    const std::uint64_t updates = is_counted ? (k + 1) * sequence.updates : k_unlimited;
    if (!go_on(trainer, epochs, updates, stop, [](std::size_t, bool) {})) return {};
    Course<T> course(trainer, contexts);
    accuracies.push_back(course.accuracy(contexts.test(k), k));
  }
  return accuracies;
}

// A run, as far as it has come.
template <class T>
class SequenceRun {
 public:
  SequenceRun(const PreparedArm& arm, const Contexts<T>& contexts, const SequenceSpec& sequence,
              std::uint64_t seed)
      : training_(arm.arm().training),
        contexts_(contexts),
        sequence_(sequence),
        learnt_(contexts.train(0)),
        trainer_(arm.arm().network, training_, arm.drives(), learnt_, seed),
        course_(trainer_, contexts),
        matrix_(0, contexts.size()) {
    learn();
  }

  // False when stopped.
  bool train(const RunPlan& plan, const std::stop_token& stop, std::vector<EpochRow>& curve) {
    const auto keep = [&] {
      curve.push_back(course_.measure(learnt_, context_));
      if (plan.on_epoch) plan.on_epoch(curve.back());
    };
    keep();
    keep_row();
    for (; context_ < contexts_.size(); ++context_) {
      if (context_ > 0) turn_to_next();
      const std::uint64_t updates = sequence_.updates > 0 ? sequence_.updates : k_unlimited;
      const bool is_done =
          go_on(trainer_, training_.epochs, updates, stop, [&](std::size_t epoch, bool is_last) {
            const bool is_due = epoch % training_.evaluate_every == 0;
            if (is_last || is_due) keep();
          });
      if (!is_done) return false;
      keep_row();
    }
    return true;
  }

  [[nodiscard]] const StaticTrainer<T>& trainer() const { return trainer_; }
  [[nodiscard]] arma::mat course() const { return course_.all(); }
  [[nodiscard]] const arma::mat& matrix() const { return matrix_; }

 private:
  void learn() { trainer_.learn(learnt_, {{{0, learnt_.size()}, contexts_.outputs(context_)}}); }
  void turn_to_next() {
    learnt_ = contexts_.train(context_);
    learn();
    if (sequence_.resets_optimizer) trainer_.reset_optimizers();
  }
  void keep_row() { matrix_.insert_rows(matrix_.n_rows, arma::rowvec(course_.latest())); }

  const TrainingSpec& training_;
  const Contexts<T>& contexts_;
  const SequenceSpec& sequence_;
  std::size_t context_ = 0;
  Partition<T> learnt_;
  StaticTrainer<T> trainer_;
  Course<T> course_;
  arma::mat matrix_;
};

}  // namespace

template <class T>
RunOutcome run_sequence(const PreparedArm& arm, const Split<T>& data, const TaskSpec& task,
                        std::uint64_t seed, const RunPlan& plan, const std::stop_token& stop) {
  const SequenceSpec& sequence = *task.sequence;
  const Contexts<T> contexts(data, task, seed);
  RunOutcome outcome;
  RunRecord& record = outcome.record;
  record.rule = arm.arm().name;
  record.seed = seed;
  SequenceRun<T> run(arm, contexts, sequence, seed);
  std::map<std::string, std::optional<double>> measured;
  try {
    bool is_done = run.train(plan, stop, record.curve);
    std::vector<double> joint;
    if (is_done && sequence.has_joint) {
      joint = joint_accuracies(arm, contexts, sequence, seed, stop);
      is_done = !joint.empty();
    }
    if (is_done) {
      measured = measure_forgetting(run.matrix(), joint);
    } else {
      record.status = "interrupted";
    }
  } catch (const Error& error) {
    if (!is_failure_of_a_rule(error.code())) throw;
    record.status = "failed";
    record.error = error.text();
  }
  record.metrics = measure(record.curve);
  record.metrics.merge(measured);
  record.metrics.merge(cost_metrics(run.trainer().work(), run.trainer().state_bytes()));
  outcome.weights = weights_of(run.trainer().network());
  outcome.arrays.emplace_back("accuracy_matrix", to_npy<double>(run.matrix()));
  outcome.arrays.emplace_back("context_accuracy", to_npy<double>(run.course()));
  return outcome;
}

template <class T>
void check_sequence(const PreparedArm& arm, const Split<T>& data, const TaskSpec& task,
                    std::uint64_t seed) {
  const Contexts<T> contexts(data, task, seed);
  naming_arm(arm.arm().name, [&] {
    if (arm.alignment()) {
      throw Error(Code::E503, "no rules watch a task in contexts",
                  {.expected = "no \"alignment\" under \"training\""});
    }
    const TrainingSpec& training = arm.arm().training;
    const Partition<T> first = contexts.train(0);
    const StaticTrainer<T> trainer(arm.arm().network, training, arm.drives(), first, seed);
    const std::size_t asked = task.sequence->updates;
    for (std::size_t context = 0; context < contexts.size(); ++context) {
      const std::size_t size = context == 0 ? first.size() : contexts.train(context).size();
      const std::size_t each = batch_count(size, std::min(training.batch, first.size()));
      if (training.epochs * each >= asked) continue;
      throw Error(
          Code::E503, "the epochs of a context end before its updates do",
          {.expected = fmt::format("{} updates in context {}", asked, context + 1),
           .found = fmt::format("{} epochs of {} updates", training.epochs, each),
           .hint = fmt::format("\"epochs\": {} in the training", (asked + each - 1) / each)});
    }
  });
}

template RunOutcome run_sequence<float>(const PreparedArm&, const Split<float>&, const TaskSpec&,
                                        std::uint64_t, const RunPlan&, const std::stop_token&);
template RunOutcome run_sequence<double>(const PreparedArm&, const Split<double>&, const TaskSpec&,
                                         std::uint64_t, const RunPlan&, const std::stop_token&);
template void check_sequence<float>(const PreparedArm&, const Split<float>&, const TaskSpec&,
                                    std::uint64_t);
template void check_sequence<double>(const PreparedArm&, const Split<double>&, const TaskSpec&,
                                     std::uint64_t);

}  // namespace deltaw
