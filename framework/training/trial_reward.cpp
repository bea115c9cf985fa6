// SPDX-License-Identifier: Apache-2.0
// Rewards at the end, at every step, or now and then.
#include "training/trial_reward.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {

template <class T>
double trial_error(const arma::Mat<T>& post, const arma::Mat<T>& target, const Window& window) {
  double sum = 0;
  for (std::size_t t = window.first; t < window.last; ++t) {
    for (arma::uword i = 0; i < post.n_rows; ++i) {
      sum += std::abs(static_cast<double>(post(i, t) - target(i, t)));
    }
  }
  return sum / static_cast<double>(window.size() * post.n_rows);
}

template <class T>
TrialReward<T>::TrialReward(const RewardSpec& spec, std::size_t kinds, double dt)
    : spec_(spec), is_delayed_(spec.type == "delayed"), every_(1), means_(kinds) {
  if (!is_delayed_ && spec.type != "instantaneous" && spec.type != "sporadic") {
    throw Error(Code::E503, fmt::format("no reward '{}'", spec.type),
                {.hint = suggest(spec.type, {"delayed", "instantaneous", "sporadic"})});
  }
  if (spec.baseline != "mean" && spec.baseline != "clean" && spec.baseline != "none") {
    throw Error(Code::E503, fmt::format("no baseline '{}'", spec.baseline),
                {.hint = suggest(spec.baseline, {"mean", "clean", "none"})});
  }
  if (spec.type == "sporadic") {
    every_ = static_cast<std::size_t>(std::max(1.0, std::round(spec.every / dt)));
  }
}

template <class T>
std::size_t TrialReward<T>::count(std::size_t steps) const {
  return is_delayed_ ? 1 : steps;
}

template <class T>
bool TrialReward<T>::is_given(std::size_t step, const Window& window) const {
  return window.holds(step) && (step - window.first + 1) % every_ == 0;
}

template <class T>
void TrialReward<T>::give(const arma::Mat<T>& post, const arma::Mat<T>& target,
                          const Window& window, T* out) const {
  const auto reward = [&](const Window& part) {
    const auto value = static_cast<T>(spec_.offset - trial_error(post, target, part));
    if (std::isfinite(value)) return value;
    throw Error(Code::E304, fmt::format("the reward of a trial became {}", value),
                {.hint = "a lower learning rate, or \"clip\" on the optimizer"});
  };
  if (is_delayed_) {
    *out = reward(window);
    return;
  }
  for (std::size_t t = 0; t < post.n_cols; ++t) {
    out[t] = is_given(t, window) ? reward({t, t + 1}) : std::numeric_limits<T>::quiet_NaN();
  }
}

template <class T>
void TrialReward<T>::expect(std::uint32_t kind, std::size_t count, T* out) const {
  const arma::Col<T>& mean = means_[kind];
  for (std::size_t i = 0; i < count; ++i) out[i] = i < mean.n_elem ? mean[i] : T(0);
}

template <class T>
void TrialReward<T>::learn(std::uint32_t kind, const T* rewards, std::size_t count) {
  arma::Col<T>& mean = means_[kind];
  if (mean.n_elem < count) mean.resize(count);
  const T keep = static_cast<T>(spec_.decay);
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isnan(rewards[i])) mean[i] = keep * mean[i] + (1 - keep) * rewards[i];
  }
}

template <class T>
void TrialReward<T>::save(StateWriter& writer) const {
  for (const arma::Col<T>& mean : means_) {
    writer.integer("expectations", mean.n_elem);
    writer.matrix("expected reward", mean.memptr(), mean.n_elem, 1);
  }
}

template <class T>
void TrialReward<T>::load(StateReader& reader) {
  for (arma::Col<T>& mean : means_) {
    mean.set_size(reader.count("expectations"));
    reader.matrix("expected reward", mean.memptr(), mean.n_elem, 1);
  }
}

template double trial_error(const arma::fmat&, const arma::fmat&, const Window&);
template double trial_error(const arma::mat&, const arma::mat&, const Window&);
template class TrialReward<float>;
template class TrialReward<double>;

}  // namespace deltaw
