// SPDX-License-Identifier: Apache-2.0
// Pair-based STDP as an author writes it: dw = A+ exp(-s / tau+) when the target spikes s ms after
// an arrival, -A- exp(-s / tau-) when a spike arrives s ms after the target's; all pairs add up.
#pragma once

#include <deltaw/spikes.hpp>

template <class T>
class PairStdp : public deltaw::SpikeRule<PairStdp<T>, T> {
 public:
  static constexpr auto id = "org.example.pair-stdp";
  static constexpr auto version = "1.0.0";

  explicit PairStdp(const deltaw::Setup& setup)
      : PairStdp::SpikeRule(setup, {deltaw::all_to_all(setup.number("tau_plus"))},
                            {deltaw::all_to_all(setup.number("tau_minus"))}),
        a_plus_(static_cast<T>(setup.number("a_plus"))),
        a_minus_(static_cast<T>(setup.number("a_minus"))) {}

  T on_pre(const deltaw::Synapse<T>& s) const { return -a_minus_ * s.post[0]; }
  T on_post(const deltaw::Synapse<T>& s) const { return a_plus_ * s.pre[0]; }

 private:
  T a_plus_, a_minus_;
};

DELTAW_PLUGIN(PairStdp)
