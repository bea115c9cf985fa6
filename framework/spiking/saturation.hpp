// SPDX-License-Identifier: Apache-2.0
// Watches a leaky layer for activity that feeds itself. One thread a watch.
#pragma once

#include <cstdint>
#include <string>

#include "core/state.hpp"
#include "spiking/spec.hpp"

namespace deltaw {

// Counts spikes over windows of 100 ms. A layer saturates when its mean rate over a window is above
// 95 % of what refractory period and dt allow; or above 50 % of it, when forward Euler was unstable
// for one of its units in that window (dt / tau (1 + g_e + g_i) > 2), for then the activity is the
// integrator's own work.
class SaturationWatch {
 public:
  // `least_steps` from spike to spike.
  SaturationWatch(const LeakySpec& spec, std::string layer, std::size_t units,
                  std::int32_t least_steps, double dt);

  // Takes a step. Error: E308 at the end of a window in which the layer saturated.
  void take(std::size_t spikes, bool is_unstable);

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void close() const;

  std::string layer_, integrator_;
  double unit_ms_, most_;  // units x ms of a window; Hz that refractory period and dt allow
  std::uint64_t steps_, step_ = 0, spikes_ = 0;
  bool was_unstable_ = false;
};

}  // namespace deltaw
