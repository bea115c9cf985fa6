// SPDX-License-Identifier: Apache-2.0
// What a trial earns, and what was to be expected of it. One thread a run.
#pragma once

#include <armadillo>
#include <cstdint>
#include <vector>

#include "core/state.hpp"
#include "task/trial.hpp"
#include "training/spec.hpp"

namespace deltaw {

// The mean of |post - target| over outputs and the window; both are outputs x steps.
template <class T>
[[nodiscard]] double trial_error(const arma::Mat<T>& post, const arma::Mat<T>& target,
                                 const Window& window);

template <class T>
class TrialReward {
 public:
  // dt in ms. Error: E503 for an unknown type or baseline.
  TrialReward(const RewardSpec& spec, std::size_t kinds, double dt);

  [[nodiscard]] bool needs_clean_pass() const { return spec_.baseline == "clean"; }
  // How many rewards a trial of so many steps has: 1, or one a step.
  [[nodiscard]] std::size_t count(std::size_t steps) const;

  // Writes count() rewards of a trial, NaN where none is given. Error: E304 when one is not finite.
  void give(const arma::Mat<T>& post, const arma::Mat<T>& target, const Window& window,
            T* out) const;
  // Writes what to expect of a trial of that kind: the mean over those before it.
  void expect(std::uint32_t kind, std::size_t count, T* out) const;
  // Takes the rewards of a trial into that mean.
  void learn(std::uint32_t kind, const T* rewards, std::size_t count);

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  [[nodiscard]] bool is_given(std::size_t step, const Window& window) const;

  RewardSpec spec_;
  bool is_delayed_;
  std::size_t every_;                // steps
  std::vector<arma::Col<T>> means_;  // by kind
};

extern template class TrialReward<float>;
extern template class TrialReward<double>;

}  // namespace deltaw
