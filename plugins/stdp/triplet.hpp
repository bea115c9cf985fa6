// SPDX-License-Identifier: Apache-2.0
// Triplet STDP, Pfister and Gerstner 2006 (doi:10.1523/JNEUROSCI.1425-06.2006). With the traces
// r1, r2 of arrivals (tau+, tau_x) and o1, o2 of the target's spikes (tau-, tau_y), each as just
// before the event,
//   arrival:  ΔW = -o1 (A2- + A3- r2)      spike:  ΔW = r1 (A2+ + A3+ o2)
// The minimal models set two of the four amplitudes to 0. One thread an instance.
#pragma once

#include <deltaw/spikes.hpp>

template <class T>
class TripletStdp : public deltaw::SpikeRule<TripletStdp<T>, T, 2, 2> {
 public:
  static constexpr auto id = "triplet-stdp";
  static constexpr auto version = "1.0.0";

  explicit TripletStdp(const deltaw::Setup& setup)
      : TripletStdp::SpikeRule(setup, {trace(setup, "tau_plus"), trace(setup, "tau_x")},
                               {trace(setup, "tau_minus"), trace(setup, "tau_y")}),
        a2_plus_(static_cast<T>(setup.number("a2_plus"))),
        a3_plus_(static_cast<T>(setup.number("a3_plus"))),
        a2_minus_(static_cast<T>(setup.number("a2_minus"))),
        a3_minus_(static_cast<T>(setup.number("a3_minus"))) {}

  T on_pre(const deltaw::Synapse<T>& s) const {
    return -s.post[0] * (a2_minus_ + a3_minus_ * s.pre[1]);
  }
  T on_post(const deltaw::Synapse<T>& s) const {
    return s.pre[0] * (a2_plus_ + a3_plus_ * s.post[1]);
  }

 private:
  static deltaw::Trace trace(const deltaw::Setup& setup, const char* tau) {
    const bool is_nearest = setup.text("pairing") == "nearest";
    return is_nearest ? deltaw::nearest(setup.number(tau)) : deltaw::all_to_all(setup.number(tau));
  }

  T a2_plus_, a3_plus_, a2_minus_, a3_minus_;
};
