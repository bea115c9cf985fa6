// SPDX-License-Identifier: Apache-2.0
// A rule that watches what others learn: it is asked for its change, which is never made. One
// thread a run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "training/alignment_plan.hpp"
#include "training/driver.hpp"
#include "training/trial_reward.hpp"

namespace deltaw {

template <class T>
class ShadowDriver {
 public:
  // `shown` is the pass of those that learn. A rule that explores has passes of its own, with noise
  // that nobody else draws: the others' bits do not depend on it. Its rewards are those of `reward`
  // in a network with time (not null there), and what it is told to expect is what the clean pass
  // earns on the same block. Errors: those of Driver.
  ShadowDriver(ShadowSpec spec, Network<T>& network, Presentation<T>& shown,
               const TrainingSpec& training, const TrialReward<T>* reward, std::uint64_t seed);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool explores() const { return driver_->needs_exploration(); }
  [[nodiscard]] const std::vector<std::size_t>& connections() const {
    return driver_->connections();
  }

  // Asks for the change on the block that is shown. REQUIRES: its clean pass is done. `draw`
  // numbers the passes of a whole training, for a rule that explores.
  void propose(std::uint64_t update, std::uint64_t draw);
  // Of the i-th of connections(), in that draw: outputs x inputs.
  [[nodiscard]] arma::Mat<T> delta(std::size_t i) const { return driver_->delta(i); }

  void save(StateWriter& writer) const { driver_->save(writer); }
  void load(StateReader& reader) { driver_->load(reader); }

 private:
  void explore(std::uint64_t draw);

  std::string name_;
  Presentation<T>& shown_;
  const TrialReward<T>* reward_;
  std::unique_ptr<Presentation<T>> own_;  // of a rule that explores
  std::unique_ptr<Driver<T>> driver_;
};

extern template class ShadowDriver<float>;
extern template class ShadowDriver<double>;

}  // namespace deltaw
