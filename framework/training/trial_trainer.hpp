// SPDX-License-Identifier: Apache-2.0
// The training loop of networks with time: present a trial, run the network through it, give the
// reward, let each rule propose, take the step. Written once for every rule. One thread a trainer,
// which may start a second one of its own for trials in pieces.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "network/network.hpp"
#include "task/trial_task.hpp"
#include "training/alignment.hpp"
#include "training/driver.hpp"
#include "training/observer.hpp"
#include "training/presentation.hpp"
#include "training/spec.hpp"
#include "training/trial_reward.hpp"

namespace deltaw {

template <class T>
class TrialTrainer {
 public:
  // Draws the initial weights. `task` must outlive the trainer. Errors: E003 when a trial does not
  // fit into memory, E204 for a static network, E205 when input or output do not fit the task, E51x
  // graph, E503 specs, those of Driver.
  TrialTrainer(const NetworkSpec& network, const TrainingSpec& training,
               std::vector<DriveSpec> drives, const TrialTask& task, std::uint64_t seed);
  TrialTrainer(const TrialTrainer&) = delete;
  TrialTrainer& operator=(const TrialTrainer&) = delete;

  // The next trial, and its error: the mean of |output - target| in the response window, of the
  // perturbed pass where a rule explores. Allocates the trial that the task makes, and names of
  // random streams; nothing that grows with the network. Errors: E304 when activity, error, reward
  // or weights are no longer finite; E30x from rules.
  double train_trial();
  // From now on rules watch, whose time is not counted; a row of the curve comes every
  // `evaluate_every` trials. The bits of the training do not depend on it. Before load(), and with
  // the same plan. Errors: those of Alignment.
  void watch(AlignmentPlan plan);
  // What was seen since the last call, `epoch` in trials.
  [[nodiscard]] std::vector<AlignmentRow> take_alignment();
  // The error of a trial without noise. Its start is drawn by (seed, purpose, number). Error: E304.
  double error_of(const Trial& trial, std::string_view purpose, std::uint64_t number);
  // The activity of that trial, until the next call of anything here.
  [[nodiscard]] const Activity<T>& activity() const { return presentation_.clean; }
  // The activity of that trial, had this been added to the drive of one unit of a layer with time
  // in one step; until the next call of anything here.
  [[nodiscard]] const Activity<T>& disturbed(std::size_t layer,
                                             const typename Noise<T>::Place& place);

  [[nodiscard]] std::uint64_t trials() const { return trials_; }  // done
  [[nodiscard]] std::uint64_t updates() const {                   // those after the warm-up
    return trials_ - std::min<std::uint64_t>(trials_, spec_.warm_up);
  }
  [[nodiscard]] double seconds() const { return seconds_; }  // CPU time spent in training
  [[nodiscard]] Work work() const;
  [[nodiscard]] std::size_t state_bytes() const;  // what rules and optimizers keep beside weights
  [[nodiscard]] const Network<T>& network() const { return network_; }
  [[nodiscard]] Network<T>& network() { return network_; }
  [[nodiscard]] const TrialTask& task() const { return task_; }

  // Everything that a resumed run needs to go on with the same bits. Between trials.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void present(const Trial& trial, std::string_view purpose, std::uint64_t number);
  void count(std::size_t draws);
  void count_rewards(const Buffer<T>& given);
  void run_clean();
  void run_perturbed(std::uint64_t draw);
  [[nodiscard]] double error_in(const Activity<T>& activity) const;
  void check_weights() const;
  [[nodiscard]] double cpu_seconds() const;  // of this thread and the observing one

  TrainingSpec spec_;
  const TrialTask& task_;
  std::uint64_t seed_;
  Network<T> network_;
  Presentation<T> presentation_;
  TrialReward<T> reward_;
  std::vector<std::unique_ptr<Driver<T>>> drivers_;
  std::vector<Driver<T>*> all_drivers_;
  std::optional<Alignment<T>> alignment_;
  std::vector<Window> pieces_;          // of a trial
  std::unique_ptr<Observer> observer_;  // of all but the last
  bool is_explored_ = false, is_taught_ = false, is_rewarded_ = false, is_clean_needed_;
  std::uint64_t synapses_ = 0;
  Work work_;  // without the drivers' own, but for what was loaded
  std::uint64_t trials_ = 0;
  double seconds_ = 0;
};

extern template class TrialTrainer<float>;
extern template class TrialTrainer<double>;

}  // namespace deltaw
