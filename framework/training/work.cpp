// SPDX-License-Identifier: Apache-2.0
// All counts, one after another.
#include "training/work.hpp"

#include <array>
#include <utility>

namespace deltaw {
namespace {

constexpr std::array<std::pair<const char*, std::uint64_t Work::*>, 6> k_counts = {
    {{"multiply-adds", &Work::multiply_adds},
     {"additions", &Work::additions},
     {"synaptic updates", &Work::synaptic_updates},
     {"spikes", &Work::spikes},
     {"labels", &Work::labels},
     {"rewards", &Work::rewards}}};

}  // namespace

Work& Work::operator+=(const Work& other) {
  for (const auto& [name, count] : k_counts) this->*count += other.*count;
  return *this;
}

void Work::save(StateWriter& writer) const {
  for (const auto& [name, count] : k_counts) writer.integer(name, this->*count);
}

void Work::load(StateReader& reader) {
  for (const auto& [name, count] : k_counts) this->*count = reader.integer(name);
}

}  // namespace deltaw
