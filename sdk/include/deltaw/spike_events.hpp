// SPDX-License-Identifier: Apache-2.0
// Which synapses the spikes of a connection concern, and what both sides remember at that moment.
// Most rules need SpikeRule (spikes.hpp) instead, which is made of this. One instance, one thread.
#pragma once

#include <cstdint>
#include <deltaw/rule.hpp>
#include <deltaw/spike_delays.hpp>
#include <deltaw/trace.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace deltaw {

// Presynaptic events where the target's first trace is alive, postsynaptic ones where the input's
// is; or, if a rule changes others too, all of that side.
struct Reach {
  bool pre_everywhere = false, post_everywhere = false;
};

// The signals that an event rule needs at least.
inline constexpr std::uint64_t spike_signals = spikes_pre | spikes_post | delays;

// The traces of both layers of a connection, with Pre and Post traces a unit. Work and memory are
// proportional to spikes times the units whose traces are alive.
template <class T, std::size_t Pre, std::size_t Post>
class SpikeEvents {
 public:
  using Values = TraceValues<T>;

  SpikeEvents(const Setup& setup, const Trace (&pre_traces)[Pre], const Trace (&post_traces)[Post])
      : inputs_(pre_traces, setup.inputs()),
        outputs_(post_traces, setup.outputs()),
        dropped_(setup.outputs(), arma::fill::zeros) {}

  // Visits what happened in a block of one step and, where synapses have delays of their own, what
  // was on its way: on_pre(i, j, step, pre, post) for an arrival from input j at unit i, with the
  // traces of both just before it; then on_post(i, j, step, pre, post) for a spike of unit i.
  // Throws std::invalid_argument for units out of range or twice in a step, for steps that do not
  // advance, for a dt that changes, and for what DecayTable refuses. The first block, and the first
  // after loading, allocates; later ones only where more is under way than ever before.
  template <class OnPre, class OnPost>
  void visit(const Signals<T>& s, Reach reach, OnPre on_pre, OnPost on_post) {
    const arma::Mat<arma::u32> arrivals = s.spikes_pre(), spikes = s.spikes_post();
    const auto step = static_cast<std::int64_t>(s.step());
    begin(s, reach, step);
    check(arrivals, inputs_, "input");
    check(spikes, outputs_, "unit");
    if (longest_ >= 0) {
      visit_delayed(s.delays(), arrivals, spikes, step, on_pre, on_post);
    } else {
      visit_at_once(arrivals, spikes, step, on_pre, on_post);
    }
    step_ = step;
    has_spiked_ = !arrivals.empty() || !spikes.empty();
  }

  template <class Archive>
  void state(Archive& archive) {
    inputs_.state(archive);
    outputs_.state(archive);
    archive(dropped_, step_, has_spiked_, longest_);
    departures_.state(archive);
    due_.state(archive);
    if constexpr (std::is_same_v<Archive, StateLoader>) dt_ = 0;
  }

 private:
  template <std::size_t N>
  static void check(const arma::Mat<arma::u32>& spikes, const detail::LayerTraces<T, N>& layer,
                    const char* what) {
    for (arma::uword k = 0; k < spikes.n_cols; ++k) {
      if (spikes.at(0, k) < layer.units()) continue;
      throw std::invalid_argument("a spike of " + std::string(what) + " " +
                                  std::to_string(spikes.at(0, k)) + ", of which there are " +
                                  std::to_string(layer.units()));
    }
  }

  void begin(const Signals<T>& s, Reach reach, std::int64_t step) {
    const bool has_spikes = !s.spikes_pre().empty() || !s.spikes_post().empty();
    if (step < step_ || (step == step_ && has_spiked_ && has_spikes)) {
      throw std::invalid_argument("spikes at step " + std::to_string(step) + " after step " +
                                  std::to_string(step_) + ": steps must advance");
    }
    if (dt_ == s.dt() && dt_ > 0) return;
    if (dt_ != 0) throw std::invalid_argument("dt changed between two blocks");
    if (s.has_delays() && longest_ < 0) {
      longest_ = 0;
      for (const arma::u8 delay : s.delays()) {
        if (delay != detail::k_no_synapse && delay > longest_) longest_ = delay;
      }
    }
    inputs_.begin(s.dt(), longest_ < 0 ? 0 : longest_, reach.post_everywhere);
    outputs_.begin(s.dt(), 0, reach.pre_everywhere);
    if (longest_ >= 0) {
      departures_.begin(inputs_.units(), longest_);
      due_.begin(longest_);
    }
    dt_ = s.dt();
    reach_ = reach;
  }

  template <class OnPre, class OnPost>
  void visit_at_once(const arma::Mat<arma::u32>& arrivals, const arma::Mat<arma::u32>& spikes,
                     std::int64_t step, OnPre on_pre, OnPost on_post) {
    if (!arrivals.empty()) {
      outputs_.strike_dead(step, [](std::uint32_t) {});
      const auto& targets = outputs_.listed();
      const auto& values = outputs_.values_at(step);
      for (arma::uword k = 0; k < arrivals.n_cols; ++k) {
        const std::uint32_t j = arrivals.at(0, k);
        const Values before = inputs_.at(j, step);
        for (std::size_t n = 0; n < targets.size(); ++n) {
          on_pre(targets[n], j, step, before, values[n]);
        }
        inputs_.spike(j, step, before);
      }
    }
    if (spikes.empty()) return;
    inputs_.strike_dead(step, [](std::uint32_t) {});
    const auto& sources = inputs_.listed();
    const auto& values = inputs_.values_at(step);
    for (arma::uword k = 0; k < spikes.n_cols; ++k) {
      const std::uint32_t i = spikes.at(0, k);
      const Values before = outputs_.at(i, step);
      for (std::size_t n = 0; n < sources.size(); ++n) {
        on_post(i, sources[n], step, values[n], before);
      }
      outputs_.spike(i, step, before);
    }
  }

  template <class OnPre, class OnPost>
  void visit_delayed(const arma::Mat<arma::u8>& steps_of, const arma::Mat<arma::u32>& departing,
                     const arma::Mat<arma::u32>& spikes, std::int64_t step, OnPre on_pre,
                     OnPost on_post) {
    const auto arrive = [&](std::int64_t now, const typename detail::Arrivals<T>::Arrival& a) {
      on_pre(a.target, a.input, now, a.before, outputs_.at(a.target, now));
    };
    due_.work_off(step_, step - 1, arrive);
    outputs_.strike_dead(step, [&](std::uint32_t i) { dropped_[i] = step; });
    for (arma::uword k = 0; k < departing.n_cols; ++k) {
      const std::uint32_t j = departing.at(0, k);
      const Values before = inputs_.at(j, step);
      departures_.add(j, {step, before, inputs_.spike(j, step, before)});
      for (const std::uint32_t i : outputs_.listed()) {
        const arma::u8 delay = steps_of.at(i, j);
        if (delay != detail::k_no_synapse) due_.add(step + delay, {i, j, before});
      }
    }
    due_.work_off(step - 1, step, arrive);
    if (spikes.empty()) return;
    inputs_.strike_dead(step, [](std::uint32_t) {});
    for (arma::uword k = 0; k < spikes.n_cols; ++k) {
      const std::uint32_t i = spikes.at(0, k);
      const Values before = outputs_.at(i, step);
      const bool wakes = !outputs_.is_listed(i);
      for (const std::uint32_t j : inputs_.listed()) {
        const arma::u8 delay = steps_of.at(i, j);
        if (delay == detail::k_no_synapse) continue;
        const auto& last = departures_.last(j, step - delay);
        const Values seen = inputs_.decayed(last.after, step - delay - last.step);
        if (seen[0] != 0 || reach_.post_everywhere) on_post(i, j, step, seen, before);
        if (wakes) catch_up(i, j, delay, step);
      }
      outputs_.spike(i, step, before);
    }
  }

  // What departed while the traces of unit i were dead, and arrives now that they are alive.
  void catch_up(std::uint32_t i, std::uint32_t j, arma::u8 delay, std::int64_t step) {
    for (std::uint32_t k = 0;; ++k) {
      const auto& departure = departures_.back(j, k);
      if (departure.step < dropped_[i] || departure.step + delay <= step) return;
      due_.add(departure.step + delay, {i, j, departure.before});
    }
  }

  detail::LayerTraces<T, Pre> inputs_;
  detail::LayerTraces<T, Post> outputs_;
  detail::Departures<T> departures_;
  detail::Arrivals<T> due_;
  arma::Col<arma::s64> dropped_;  // from which step on arrivals at a unit were not kept
  std::int64_t step_ = -1;        // of the last block
  std::int64_t longest_ = -1;     // delay, in steps; -1 where all synapses are alike
  double dt_ = 0;                 // 0 before the first block
  bool has_spiked_ = false;
  Reach reach_;
};

}  // namespace deltaw
