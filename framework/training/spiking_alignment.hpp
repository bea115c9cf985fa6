// SPDX-License-Identifier: Apache-2.0
// Rules of spikes that watch those that drive a spiking network, and how they agree with a
// reference. There is no gradient there: the reference is another rule, or the rules that drive,
// asked a second time. One thread a run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/agreement.hpp"
#include "training/alignment_plan.hpp"
#include "training/spiking_driver.hpp"

namespace deltaw {

// Each rule is shown the spikes of the samples that are watched, and no others: traces begin anew
// with each snapshot. Its changes add up over a sample, all presentations of it, at rate 1 and
// whatever the bounds, and read the weights that the rules that drive have made.
template <class T>
class SpikingAlignment {
 public:
  // `drives`: the rules that drive. Errors: those of SpikingDriver.
  SpikingAlignment(AlignmentPlan plan, SnapshotTimes times, const std::vector<DriveSpec>& drives,
                   SpikingNetwork<T>& network, std::uint64_t seed, bool are_rewards = false);

  // `sample` counts the samples of a whole training.
  [[nodiscard]] bool is_watched(std::uint64_t sample) const { return times_.is_watched(sample); }
  // Shows the spikes of the network's last step, before the rules that drive learn from them.
  void learn();
  // When a presentation ends, before they settle, with the reward that they get.
  void settle(std::optional<T> reward);
  // When a sample that is_watched() is over. `epoch`: the time then.
  void end_sample(std::uint64_t sample, double epoch);
  // The rows of the snapshots that ended since the last call.
  [[nodiscard]] std::vector<AlignmentRow> take() { return std::exchange(rows_, {}); }

  // Who watches is no part of it. Between two samples.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  using Rules = std::vector<std::unique_ptr<SpikingDriver<T>>>;  // one a connection
  struct Watcher {
    Rules rules;
    std::vector<std::size_t> compared;  // by rule: the place in reference_
    Agreement<T> agreement;
  };
  void add_watcher(const std::string& name, const std::vector<DriveSpec>& drives,
                   SpikingNetwork<T>& network, std::uint64_t seed, bool are_rewards);
  template <class Each>
  void each_rule(Each each);

  SnapshotTimes times_;
  Rules reference_;
  std::vector<arma::Mat<T>> totals_;  // by reference rule: its changes over the snapshot
  std::vector<Watcher> watchers_;
  std::size_t updates_ = 0;  // samples of this snapshot
  std::vector<AlignmentRow> rows_;
};

extern template class SpikingAlignment<float>;
extern template class SpikingAlignment<double>;

}  // namespace deltaw
