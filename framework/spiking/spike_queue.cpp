// SPDX-License-Identifier: Apache-2.0
// A list for each step on the way.
#include "spiking/spike_queue.hpp"

#include "spiking/bytes.hpp"

namespace deltaw {

void SpikeQueue::pass(std::span<const std::uint32_t> departing) {
  lists_[next_].assign(departing.begin(), departing.end());
  next_ = next_ + 1 < lists_.size() ? next_ + 1 : 0;
}

void SpikeQueue::save(StateWriter& writer) const {
  writer.integer("queue next", next_);
  for (const auto& list : lists_) save_list(writer, "queue", list);
}

void SpikeQueue::load(StateReader& reader) {
  next_ = reader.at_most(lists_.size() - 1, "queue next");
  for (auto& list : lists_) list = load_list(reader, "queue");
}

}  // namespace deltaw
