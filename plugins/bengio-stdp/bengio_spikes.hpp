// SPDX-License-Identifier: Apache-2.0
// dW = ∫ S dV with S the presynaptic spikes, each an exponential of tau_s, and V the target's, each
// of tau_v. A pair contributes, when it is over,
//   arrival first, by s:   exp(-s / tau_s) tau_v / (tau_s + tau_v)
//   spike first, by s:    -exp(-s / tau_v) tau_s / (tau_s + tau_v)
// for V jumps by 1 at a spike and then falls with slope -V / tau_v. One thread an instance.
#pragma once

#include <deltaw/spikes.hpp>

template <class T>
class BengioStdp : public deltaw::SpikeRule<BengioStdp<T>, T> {
 public:
  static constexpr auto id = "bengio-stdp";
  static constexpr auto version = "1.0.0";

  explicit BengioStdp(const deltaw::Setup& setup)
      : BengioStdp::SpikeRule(setup, {deltaw::all_to_all(setup.number("tau_s"))},
                              {deltaw::all_to_all(setup.number("tau_v"))}),
        share_s_(static_cast<T>(setup.number("tau_s") /
                                (setup.number("tau_s") + setup.number("tau_v")))) {}

  T on_pre(const deltaw::Synapse<T>& s) const { return -share_s_ * s.post[0]; }
  T on_post(const deltaw::Synapse<T>& s) const { return (1 - share_s_) * s.pre[0]; }

 private:
  T share_s_;  // tau_s / (tau_s + tau_v)
};
