// SPDX-License-Identifier: Apache-2.0
// A pass of its own where it is needed, and the question.
#include "training/shadow_driver.hpp"

#include <utility>

namespace deltaw {

template <class T>
ShadowDriver<T>::ShadowDriver(ShadowSpec spec, Network<T>& network, Presentation<T>& shown,
                              const TrainingSpec& training, const TrialReward<T>* reward,
                              std::uint64_t seed)
    : name_(std::move(spec.name)), shown_(shown), reward_(reward) {
  spec.drive.epochs = {};
  if (sees_exploration(spec.drive.rule)) {
    own_ = std::make_unique<Presentation<T>>(network, training, shown.clean.max_columns(), seed,
                                             "shadow/");
  }
  driver_ = std::make_unique<Driver<T>>(std::move(spec.drive), network, own_ ? *own_ : shown, seed);
}

template <class T>
void ShadowDriver<T>::propose(std::uint64_t update, std::uint64_t draw) {
  if (own_ != nullptr) explore(draw);
  driver_->clear();
  driver_->propose(update);
}

template <class T>
void ShadowDriver<T>::explore(std::uint64_t draw) {
  Presentation<T>& p = *own_;
  p.copy_shown(shown_);
  const Window whole{0, p.columns()};
  p.explore(draw, {&whole, 1}, [](const Window&) {});
  if (reward_ == nullptr) {
    p.price(p.perturbed, p.reward);
    p.price(shown_.clean, p.baseline);
    return;
  }
  const arma::Mat<T> target = p.target.first(p.columns());
  reward_->give(p.perturbed.post(p.output()), target, p.counted, p.reward.data());
  reward_->give(shown_.clean.post(p.output()), target, p.counted, p.baseline.data());
}

template class ShadowDriver<float>;
template class ShadowDriver<double>;

}  // namespace deltaw
