// SPDX-License-Identifier: Apache-2.0
// Counts what the steps of a spiking network take. One thread a run.
#pragma once

#include <cstdint>
#include <vector>

#include "spiking/network.hpp"
#include "training/work.hpp"

namespace deltaw {

template <class T>
class SpikingWork {
 public:
  // Rules learn these connections.
  SpikingWork(const SpikingNetwork<T>& network, const std::vector<std::size_t>& learnt);

  // After a step in which rules learn.
  void add_step(const SpikingNetwork<T>& network);
  void add(const Work& more) { work_ += more; }
  [[nodiscard]] const Work& work() const { return work_; }

  void save(StateWriter& writer) const { work_.save(writer); }
  void load(StateReader& reader) { work_.load(reader); }

 private:
  struct Learnt {
    std::size_t connection;
    std::vector<std::uint32_t> fan_in;  // synapses of each target
  };
  std::vector<std::vector<std::uint32_t>> fan_out_;  // of each connection: synapses of each source
  std::vector<Learnt> learnt_;
  std::uint64_t variables_ = 0;  // of all units: the potential and two inputs each
  Work work_;
};

extern template class SpikingWork<float>;
extern template class SpikingWork<double>;

}  // namespace deltaw
