// SPDX-License-Identifier: Apache-2.0
// Runs of one experiment, whatever their dynamics and precision; those of one seed share its split.
// Any number of threads at a time.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "comparison/run.hpp"
#include "experiment/experiment.hpp"
#include "task/task.hpp"

namespace deltaw {

// The split of a seed, shared by the runs that use it. The latest is kept from run to run; an
// earlier one goes when its last run ends.
template <class T>
class SplitCache {
 public:
  SplitCache(const Dataset& data, const TaskSpec& task, bool has_test)
      : data_(data), task_(task), has_test_(has_test) {}

  [[nodiscard]] std::shared_ptr<const Split<T>> of(std::uint64_t seed);

 private:
  const Dataset& data_;
  const TaskSpec& task_;
  bool has_test_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::weak_ptr<const Split<T>>> splits_;
  std::shared_ptr<const Split<T>> latest_;
};

class Runner {
 public:
  // Experiment and task must outlive it. Without `has_test` no run sees the test part: its splits
  // have none.
  Runner(const Experiment& experiment, const Task& task, bool has_test = true)
      : experiment_(experiment),
        task_(task),
        single_(task.data, experiment.task, has_test),
        dual_(task.data, experiment.task, has_test) {}

  [[nodiscard]] const FeaturesSpec* features() const {
    return experiment_.features ? &*experiment_.features : nullptr;
  }

  // As run(), run_trials(), run_spiking(), run_protocol() or run_sequence(), whichever the arm
  // needs.
  [[nodiscard]] RunOutcome run(const PreparedArm& arm, std::uint64_t seed, const RunPlan& plan,
                               const std::stop_token& stop);

  // Throws what is wrong with such a run, before time is spent: the errors of check_run(),
  // check_trials() and check_protocol(), and E503 for the criterion's metric on a part without
  // samples, where `is_criterion_checked`.
  void check(const PreparedArm& arm, std::uint64_t seed, bool is_criterion_checked);

 private:
  // f(a number of the arm's precision, its splits)
  template <class F>
  auto with_precision(const PreparedArm& arm, F f) {
    if (arm.arm().precision == Precision::float64) return f(double{}, dual_);
    return f(float{}, single_);
  }

  const Experiment& experiment_;
  const Task& task_;
  SplitCache<float> single_;
  SplitCache<double> dual_;
};

}  // namespace deltaw
