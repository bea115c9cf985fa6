// SPDX-License-Identifier: Apache-2.0
// Workers take the next (seed, arm); what they find goes through one queue to the caller.
#include "comparison/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "comparison/protocol_run.hpp"
#include "comparison/run.hpp"
#include "comparison/sequence_run.hpp"
#include "comparison/spiking_run.hpp"
#include "comparison/trial_run.hpp"
#include "core/error.hpp"
#include "task/split.hpp"

namespace deltaw {
namespace {

// The split of a seed, shared by the runs that use it. The latest is kept from run to run; an
// earlier one goes when its last run ends.
template <class T>
class SplitCache {
 public:
  SplitCache(const Dataset& data, const TaskSpec& task) : data_(data), task_(task) {}

  std::shared_ptr<const Split<T>> of(std::uint64_t seed) {
    const std::scoped_lock lock(mutex_);
    std::weak_ptr<const Split<T>>& place = splits_[seed];
    std::shared_ptr<const Split<T>> split = place.lock();
    if (split == nullptr) {
      latest_.reset();  // before there are two
      split = std::make_shared<const Split<T>>(make_split<T>(data_, task_, seed));
      place = split;
      latest_ = split;
    }
    return split;
  }

 private:
  const Dataset& data_;
  const TaskSpec& task_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::weak_ptr<const Split<T>>> splits_;
  std::shared_ptr<const Split<T>> latest_;
};

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
                             ResumedMessage, RunOutcome, std::exception_ptr>;

// Not every sample of a fast network is worth a message.
constexpr auto k_between_shown = std::chrono::milliseconds(50);

class Queue {
 public:
  void put(Message message) {
    {
      const std::scoped_lock lock(mutex_);
      messages_.push_back(std::move(message));
    }
    arrived_.notify_one();
  }
  // All messages so far; waits up to 100 ms for the first.
  std::deque<Message> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::milliseconds(100), [&] { return !messages_.empty(); });
    return std::exchange(messages_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Message> messages_;
};

// Everything that workers share.
struct Work {
  const Experiment& experiment;
  const std::vector<PreparedArm>& arms;
  const Task& task;
  const Earlier& earlier;
  std::optional<std::chrono::duration<double>> between_states;  // none: no states
  SplitCache<float> single{task.data, experiment.task};
  SplitCache<double> dual{task.data, experiment.task};
  Queue queue = {};
  std::atomic<std::size_t> next{0};

  // f(a number of the arm's precision, its split)
  template <class F>
  auto with_precision(const PreparedArm& arm, F f) {
    if (arm.arm().precision == Precision::float64) return f(double{}, dual);
    return f(float{}, single);
  }

  [[nodiscard]] const FeaturesSpec* features() const {
    return experiment.features ? &*experiment.features : nullptr;
  }

  [[nodiscard]] bool is_analysed(std::uint64_t seed) const {
    const auto place = std::ranges::find(experiment.seeds, seed) - experiment.seeds.begin();
    return static_cast<std::size_t>(place) < experiment.analysed_seeds;
  }

  StatePlan state_plan(const std::string& arm, std::uint64_t seed) {
    StatePlan plan;
    if (earlier.state) plan.kept = earlier.state(arm, seed);
    plan.on_resumed = [this, arm, seed](double done) {
      queue.put(ResumedMessage{arm, seed, done});
    };
    if (!between_states) return plan;
    plan.every = *between_states;
    plan.on_state = [this, arm, seed](std::string state) {
      queue.put(StateMessage{arm, seed, std::move(state)});
    };
    return plan;
  }

  RunPlan run_plan(const std::string& arm, std::uint64_t seed) {
    RunPlan plan{experiment.criterion, features()};
    plan.on_epoch = [this, arm, seed](const EpochRow& row) {
      queue.put(EpochMessage{arm, seed, row});
    };
    plan.on_readout = [this, arm, seed](const std::string& readout, std::size_t epoch,
                                        std::size_t epochs) {
      queue.put(ReadoutMessage{arm, seed, readout, epoch, epochs});
    };
    plan.on_shown = [this, arm, seed,
                     told = std::chrono::steady_clock::time_point{}](const Shown& shown) mutable {
      const auto now = std::chrono::steady_clock::now();
      if (now - told < k_between_shown && shown.done != shown.of) return;
      told = now;
      queue.put(ShownMessage{arm, seed, shown});
    };
    plan.is_analysed = is_analysed(seed);
    plan.state = state_plan(arm, seed);
    return plan;
  }

  RunOutcome run_one(const PreparedArm& arm, std::uint64_t seed, const std::stop_token& stop) {
    const RunPlan plan = run_plan(arm.arm().name, seed);
    return with_precision(arm, [&](auto zero, auto& splits) {
      using T = decltype(zero);
      if (const TaskSpec& spec = experiment.task; spec.sequence) {
        return run_sequence<T>(arm, *splits.of(seed), spec, seed, plan, stop);
      }
      if (const auto& protocol = experiment.task.protocol) {
        return run_protocol<T>(arm, *protocol, seed, stop, plan.on_shown);
      }
      if (task.trials) return run_trials<T>(arm, *task.trials, seed, plan, stop);
      if (arm.arm().spiking) return run_spiking<T>(arm, *splits.of(seed), seed, plan, stop);
      return run<T>(arm, *splits.of(seed), seed, plan, stop);
    });
  }

  void work(const std::stop_token& stop) {
    const std::size_t count = experiment.seeds.size() * arms.size();
    for (std::size_t i = next++; i < count && !stop.stop_requested(); i = next++) {
      const std::uint64_t seed = experiment.seeds[i / arms.size()];
      const PreparedArm& arm = arms[i % arms.size()];
      try {
        if (earlier.has_ended && earlier.has_ended(arm.arm().name, seed)) continue;
        queue.put(run_one(arm, seed, stop));
      } catch (...) {
        queue.put(std::current_exception());
        return;
      }
    }
  }
};

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
  } else if (const auto* outcome = std::get_if<RunOutcome>(&message)) {
    if (listener.on_run) listener.on_run(*outcome);
  } else {
    std::rethrow_exception(std::get<std::exception_ptr>(message));
  }
}

bool is_concurrent(const PreparedArm& arm) {
  const auto may_share = [](const DriveSpec& drive) {
    return (drive.rule.capabilities & DELTAW_CAP_CONCURRENT) != 0;
  };
  return std::ranges::all_of(arm.drives(), may_share) &&
         (!arm.shadow() || may_share(*arm.shadow()));
}

}  // namespace

std::size_t worker_count(const std::vector<PreparedArm>& arms, std::size_t runs, std::size_t jobs) {
  if (!std::ranges::all_of(arms, is_concurrent)) return 1;
  if (jobs == 0) jobs = std::max(1u, std::thread::hardware_concurrency());
  return std::min(jobs, runs);
}

void check(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task) {
  const Earlier nothing;
  Work work{experiment, arms, task, nothing, std::nullopt};
  const std::uint64_t seed = experiment.seeds.front();
  for (const PreparedArm& arm : arms) {
    work.with_precision(arm, [&](auto zero, auto& splits) {
      using T = decltype(zero);
      if (task.trials) return check_trials<T>(arm, *task.trials, seed);
      if (const auto& protocol = experiment.task.protocol) {
        return check_protocol<T>(arm, *protocol, seed);
      }
      const auto split = splits.of(seed);
      if (experiment.task.sequence) return check_sequence<T>(arm, *split, experiment.task, seed);
      if (!arm.arm().training.loss.is_none()) check_criterion(experiment.criterion, *split);
      if (arm.arm().spiking) return check_spiking<T>(arm, *split, seed, work.features());
      check_run<T>(arm, *split, seed, work.features());
    });
  }
}

void compare(const Experiment& experiment, const std::vector<PreparedArm>& arms, const Task& task,
             std::size_t jobs, const std::stop_token& stop, const Listener& listener,
             const Earlier& earlier, std::chrono::duration<double> between_states) {
  Work work{experiment, arms, task, earlier,
            listener.on_state ? std::optional(between_states) : std::nullopt};
  jobs = worker_count(arms, arms.size() * experiment.seeds.size(), jobs);

  // An exception out of here must end the runs under way before their data go.
  std::stop_source stop_workers;
  const std::stop_callback pass_on(stop, [&] { stop_workers.request_stop(); });
  std::atomic<std::size_t> working{jobs};
  std::vector<std::jthread> workers;
  struct StopFirst {
    std::stop_source& source;
    ~StopFirst() { source.request_stop(); }
  } const stop_first{stop_workers};
  for (std::size_t i = 0; i < jobs; ++i) {
    workers.emplace_back([&] {
      work.work(stop_workers.get_token());
      --working;
    });
  }
  for (bool is_over = false; !is_over;) {
    is_over = working == 0;  // read before the queue, so that nothing put last is missed
    for (const Message& message : work.queue.take()) deliver(message, listener);
    if (listener.on_wait) listener.on_wait();
  }
}

}  // namespace deltaw
