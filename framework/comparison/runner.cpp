// SPDX-License-Identifier: Apache-2.0
// Which kind of run an arm needs.
#include "comparison/runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "comparison/protocol_run.hpp"
#include "comparison/sequence_run.hpp"
#include "comparison/spiking_run.hpp"
#include "comparison/trial_run.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

// A criterion on a part without samples would never be met.
template <class T>
void check_criterion(const Criterion& criterion, const Split<T>& split) {
  const std::string part = criterion.metric.substr(0, criterion.metric.find('_'));
  const bool is_empty = (part == "test" && split.test.size() == 0) ||
                        (part == "validation" && split.validation.size() == 0);
  if (!is_empty) return;
  throw Error(
      Code::E503,
      fmt::format("the criterion asks for {}, but there is no {} part", criterion.metric, part),
      {.hint = "another \"metric\", or a \"split\" with that part in the task"});
}

}  // namespace

template <class T>
std::shared_ptr<const Split<T>> SplitCache<T>::of(std::uint64_t seed) {
  const std::scoped_lock lock(mutex_);
  std::weak_ptr<const Split<T>>& place = splits_[task_.split.seed.value_or(seed)];
  std::shared_ptr<const Split<T>> split = place.lock();
  if (split == nullptr) {
    latest_.reset();  // before there are two
    Split<T> made = make_split<T>(data_, task_, seed);
    if (!has_test_) made.test = {};
    split = std::make_shared<const Split<T>>(std::move(made));
    place = split;
    latest_ = split;
  }
  return split;
}

RunOutcome Runner::run(const PreparedArm& arm, std::uint64_t seed, const RunPlan& plan,
                       const std::stop_token& stop) {
  return with_precision(arm, [&](auto zero, auto& splits) {
    using T = decltype(zero);
    if (const TaskSpec& spec = experiment_.task; spec.sequence) {
      return run_sequence<T>(arm, *splits.of(seed), spec, seed, plan, stop);
    }
    if (const auto& protocol = experiment_.task.protocol) {
      return run_protocol<T>(arm, *protocol, seed, stop, plan.on_shown);
    }
    if (task_.trials) return run_trials<T>(arm, *task_.trials, seed, plan, stop);
    if (arm.arm().spiking) return run_spiking<T>(arm, *splits.of(seed), seed, plan, stop);
    RunPlan own = plan;
    own.shows_images = task_.data.width > 0 && seed == std::ranges::min(experiment_.seeds);
    return deltaw::run<T>(arm, *splits.of(seed), seed, own, stop);
  });
}

void Runner::check(const PreparedArm& arm, std::uint64_t seed, bool is_criterion_checked) {
  with_precision(arm, [&](auto zero, auto& splits) {
    using T = decltype(zero);
    if (task_.trials) return check_trials<T>(arm, *task_.trials, seed);
    if (const auto& protocol = experiment_.task.protocol) {
      return check_protocol<T>(arm, *protocol, seed);
    }
    const auto split = splits.of(seed);
    if (experiment_.task.sequence) return check_sequence<T>(arm, *split, experiment_.task, seed);
    if (is_criterion_checked && !arm.arm().training.loss.is_none()) {
      check_criterion(experiment_.criterion, *split);
    }
    if (arm.arm().spiking) return check_spiking<T>(arm, *split, seed, features());
    check_run<T>(arm, *split, seed, features());
  });
}

template class SplitCache<float>;
template class SplitCache<double>;

}  // namespace deltaw
