// SPDX-License-Identifier: Apache-2.0
// Spikes on their way along a connection on which all take the same time. One thread a queue.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/state.hpp"

namespace deltaw {

class SpikeQueue {
 public:
  explicit SpikeQueue(std::size_t delay) : lists_(delay + 1) {}

  // Takes the spikes that depart in this step.
  void pass(std::span<const std::uint32_t> departing);
  // Those that arrive in it: departed `delay` steps before.
  [[nodiscard]] std::span<const std::uint32_t> arriving() const { return lists_[next_]; }

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  std::vector<std::vector<std::uint32_t>> lists_;
  std::size_t next_ = 0;  // the list that was written first
};

}  // namespace deltaw
