// SPDX-License-Identifier: Apache-2.0
// All that the author of a spike-timing rule includes. A rule says what a synapse does when a
// presynaptic spike arrives and when its target spikes; traces, delays, bounds and state are kept:
//
//   template <class T>
//   class PairStdp : public deltaw::SpikeRule<PairStdp<T>, T> {
//    public:
//     static constexpr auto id = "pair-stdp";
//     static constexpr auto version = "1.0.0";
//     explicit PairStdp(const deltaw::Setup& setup)
//         : PairStdp::SpikeRule(setup, {deltaw::all_to_all(16.8)}, {deltaw::all_to_all(33.7)}) {}
//     T on_pre(const deltaw::Synapse<T>& s) const { return T(-0.01) * s.post[0]; }
//     T on_post(const deltaw::Synapse<T>& s) const { return T(0.01) * s.pre[0]; }
//   };
//   DELTAW_PLUGIN(PairStdp)
//
// Calls on one instance never overlap.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deltaw/rule.hpp>
#include <deltaw/spike_events.hpp>
#include <deltaw/trace.hpp>
#include <stdexcept>
#include <string>

namespace deltaw {

// What a synapse knows at an event. Traces are as just before the event: a spike's own trace jumps
// after its function was called. Within a step, arrivals come before spikes of the target.
template <class T>
struct Synapse {
  TraceValues<T> pre, post;
  T weight;        // in shadow mode that of the rule that drives the connection
  T lower, upper;  // bounds; infinite where there are none
};

// Base of a rule with up to two traces on either side. Rule has
//   T on_pre(const Synapse<T>&) const    change of the weight when a presynaptic spike arrives
//   T on_post(const Synapse<T>&) const   change of the weight when the target spikes
// on_pre is called only where post[0] is alive and on_post only where pre[0] is, for elsewhere most
// rules change nothing. A rule that does says so: `static constexpr bool pre_everywhere = true` or
// `post_everywhere` (or a member of that name, set in its constructor); each event then costs a
// visit to all units of the other side. A rule that reads `lower` or `upper` sets `needs_bounds`.
template <class Rule, class T, std::size_t Pre = 1, std::size_t Post = 1>
class SpikeRule {
 public:
  static constexpr auto signals = spike_signals | weights;
  static constexpr std::uint32_t grain = DELTAW_GRAIN_STEP;
  static constexpr std::uint64_t capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64 |
                                                DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC |
                                                DELTAW_CAP_IN_PLACE;
  static constexpr bool pre_everywhere = false, post_everywhere = false, needs_bounds = false;

  SpikeRule(const Setup& setup, const Trace (&pre_traces)[Pre], const Trace (&post_traces)[Post])
      : events_(setup, pre_traces, post_traces) {}

  // Throws std::invalid_argument where bounds are needed and missing, and as SpikeEvents::visit().
  void update(const Signals<T>& s, arma::Mat<T>& delta) {
    const bool is_in_place = (s.block().flags & DELTAW_BLOCK_IN_PLACE) != 0;
    if (rule().needs_bounds) require_bounds(s.block());
    const auto lower = static_cast<T>(s.block().lower), upper = static_cast<T>(s.block().upper);
    const arma::uword rows = delta.n_rows;
    T* const change = delta.memptr();
    const auto synapse = [=](T w, const TraceValues<T>& x, const TraceValues<T>& y) {
      return Synapse<T>{x, y, w, lower, upper};
    };
    if (is_in_place) {
      const auto scale = static_cast<T>(s.block().scale);
      visit(s, [=](auto event, std::uint32_t i, std::uint32_t j, const auto& x, const auto& y) {
        T& w = change[i + j * rows];
        w = std::clamp(w + scale * event(synapse(w, x, y)), lower, upper);
      });
    } else {
      const T* const w = s.weights().memptr();
      visit(s, [=](auto event, std::uint32_t i, std::uint32_t j, const auto& x, const auto& y) {
        change[i + j * rows] += event(synapse(w[i + j * rows], x, y));
      });
    }
  }

  template <class Archive>
  void state(Archive& archive) {
    events_.state(archive);
  }

 private:
  [[nodiscard]] const Rule& rule() const { return static_cast<const Rule&>(*this); }

  static void require_bounds(const deltaw_block& block) {
    if (std::isfinite(block.lower) && std::isfinite(block.upper)) return;
    throw std::invalid_argument(std::string(Rule::id) +
                                " needs weights with a lower and an upper bound: give the "
                                "connection \"bounds\"");
  }

  template <class Apply>
  void visit(const Signals<T>& s, Apply apply) {
    const Rule& r = rule();
    events_.visit(
        s, {r.pre_everywhere, r.post_everywhere},
        [&](std::uint32_t i, std::uint32_t j, std::int64_t, const auto& x, const auto& y) {
          apply([&r](const Synapse<T>& synapse) { return r.on_pre(synapse); }, i, j, x, y);
        },
        [&](std::uint32_t i, std::uint32_t j, std::int64_t, const auto& x, const auto& y) {
          apply([&r](const Synapse<T>& synapse) { return r.on_post(synapse); }, i, j, x, y);
        });
  }

  SpikeEvents<T, Pre, Post> events_;
};

}  // namespace deltaw
