// SPDX-License-Identifier: Apache-2.0
// What pair-based STDP would have changed is kept by each synapse for a while, and becomes a change
// when a reward comes (Izhikevich 2007, doi:10.1093/cercor/bhl152; Frémaux and Gerstner 2016,
// doi:10.3389/fncir.2015.00085):
//   de/dt = -e / tau_e + STDP        ΔW = (R - Rb) e at a reward R
#include <algorithm>
#include <cmath>
#include <deltaw/spike_events.hpp>

#include "eligibility.hpp"

template <class T>
class RewardStdp {
 public:
  static constexpr auto id = "reward-stdp";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::spike_signals | deltaw::reward;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_STEP;
  static constexpr std::uint64_t capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64 |
                                                DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC |
                                                DELTAW_CAP_IN_PLACE;

  explicit RewardStdp(const deltaw::Setup& setup)
      : a_plus_(static_cast<T>(setup.number("a_plus"))),
        a_minus_(static_cast<T>(setup.number("a_minus"))),
        has_baseline_(setup.text("baseline") == "mean"),
        memory_(setup.number("memory")),
        events_(setup, {trace(setup, "tau_plus")}, {trace(setup, "tau_minus")}),
        eligibility_(setup.outputs(), setup.inputs(), setup.number("tau_e")) {}

  void update(const deltaw::Signals<T>& s, arma::Mat<T>& delta) {
    using Values = deltaw::TraceValues<T>;
    events_.visit(
        s, {},
        [&](std::uint32_t i, std::uint32_t j, std::int64_t step, const Values&, const Values& y) {
          eligibility_.go_to(step, s.dt());
          eligibility_.add(i, j, -a_minus_ * y[0]);
        },
        [&](std::uint32_t i, std::uint32_t j, std::int64_t step, const Values& x, const Values&) {
          eligibility_.go_to(step, s.dt());
          eligibility_.add(i, j, a_plus_ * x[0]);
        });
    if (s.block().signals[DELTAW_REWARD] == nullptr) return;
    const T given = s.reward()[0];
    if (std::isnan(given)) return;
    eligibility_.go_to(static_cast<std::int64_t>(s.step()), s.dt());
    change(s.block(), given - static_cast<T>(expected_), delta);
    if (has_baseline_) expected_ = memory_ * expected_ + (1 - memory_) * static_cast<double>(given);
  }

  template <class Archive>
  void state(Archive& archive) {
    events_.state(archive);
    eligibility_.state(archive);
    archive(expected_);
  }

 private:
  static deltaw::Trace trace(const deltaw::Setup& setup, const char* tau) {
    const bool is_nearest = setup.text("pairing") == "nearest";
    return is_nearest ? deltaw::nearest(setup.number(tau)) : deltaw::all_to_all(setup.number(tau));
  }

  void change(const deltaw_block& block, T success, arma::Mat<T>& delta) const {
    if (success == 0) return;
    T* const w = delta.memptr();
    if ((block.flags & DELTAW_BLOCK_IN_PLACE) == 0) {
      eligibility_.for_each([=](arma::uword k, T e) { w[k] += success * e; });
      return;
    }
    const T factor = static_cast<T>(block.scale) * success;
    const auto lower = static_cast<T>(block.lower), upper = static_cast<T>(block.upper);
    eligibility_.for_each(
        [=](arma::uword k, T e) { w[k] = std::clamp(w[k] + factor * e, lower, upper); });
  }

  T a_plus_, a_minus_;
  bool has_baseline_;
  double memory_, expected_ = 0;
  deltaw::SpikeEvents<T, 1, 1> events_;
  Eligibility<T> eligibility_;
};

DELTAW_PLUGIN(RewardStdp)
