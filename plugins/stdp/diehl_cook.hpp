// SPDX-License-Identifier: Apache-2.0
// The four rules of Diehl & Cook 2015 (doi:10.3389/fncom.2015.00099), with the traces x of
// arrivals (tau_pre) and y1, y2 of the target's spikes (tau_post, tau_post2) just before the event:
//   triplet       arrival: ΔW = -eta_pre y1                  spike: ΔW = eta_post x y2
//   power-law                                                spike: eta_post (x - x_tar) (w_max -
//   w)^mu exponential   spike: ΔW = eta_post (x exp(-beta w) - x_tar exp(-beta (w_max - w)))
//   pre-and-post  arrival: ΔW = -eta_pre y1 (w - w_min)^mu   spike: as power-law
// One thread an instance.
#pragma once

#include <cmath>
#include <deltaw/spikes.hpp>
#include <string>

#include "power.hpp"

template <class T>
class DiehlCook : public deltaw::SpikeRule<DiehlCook<T>, T, 1, 2> {
 public:
  static constexpr auto id = "diehl-cook";
  static constexpr auto version = "1.0.0";

  explicit DiehlCook(const deltaw::Setup& setup)
      : DiehlCook::SpikeRule(setup, {trace(setup, "tau_pre")},
                             {trace(setup, "tau_post"), trace(setup, "tau_post2")}),
        form_(form(setup.text("form"))),
        needs_bounds(form_ != Form::triplet),
        post_everywhere(form_ != Form::triplet),
        eta_pre_(static_cast<T>(setup.number("eta_pre"))),
        eta_post_(static_cast<T>(setup.number("eta_post"))),
        target_(static_cast<T>(setup.number("x_tar"))),
        beta_(static_cast<T>(setup.number("beta"))),
        power_(setup.number("mu")) {}

 private:
  enum class Form { triplet, power_law, exponential, pre_and_post };
  Form form_;

 public:
  // An input that was silent loses weight at a spike of the target, wherever x_tar counts.
  const bool needs_bounds, post_everywhere;

  T on_pre(const deltaw::Synapse<T>& s) const {
    if (form_ == Form::triplet) return -eta_pre_ * s.post[0];
    if (form_ != Form::pre_and_post) return 0;
    return -eta_pre_ * s.post[0] * power_(s.weight - s.lower);
  }
  T on_post(const deltaw::Synapse<T>& s) const {
    if (form_ == Form::triplet) return eta_post_ * s.pre[0] * s.post[1];
    const T room = s.upper - s.weight;
    if (form_ != Form::exponential) return eta_post_ * (s.pre[0] - target_) * power_(room);
    return eta_post_ * (s.pre[0] * std::exp(-beta_ * s.weight) - target_ * std::exp(-beta_ * room));
  }

 private:
  static Form form(const std::string& name) {
    if (name == "triplet") return Form::triplet;
    if (name == "power-law") return Form::power_law;
    return name == "exponential" ? Form::exponential : Form::pre_and_post;
  }
  static deltaw::Trace trace(const deltaw::Setup& setup, const char* tau) {
    const bool is_nearest = setup.text("pairing") == "nearest";
    return is_nearest ? deltaw::nearest(setup.number(tau)) : deltaw::all_to_all(setup.number(tau));
  }

  T eta_pre_, eta_post_, target_, beta_;
  Power<T> power_;
};
