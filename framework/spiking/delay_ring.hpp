// SPDX-License-Identifier: Apache-2.0
// Weights on their way: what arrives at each unit in each of the next steps, where every synapse
// has a delay of its own. One thread a ring.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/state.hpp"
#include "spiking/aligned.hpp"

namespace deltaw {

template <class T>
class DelayRing {
 public:
  static constexpr std::size_t k_no_synapse = 255;

  // Delays are at most `longest` < 255 steps.
  DelayRing(std::size_t units, std::size_t longest);

  // slots()[d][unit] is what arrives in d steps, d <= longest; slots()[255] leads nowhere. For
  // additions: they count as on their way from now on. Valid until deliver().
  [[nodiscard]] T* const* slots();
  // Whether anything may arrive in this step.
  [[nodiscard]] bool is_due() const { return steps_left_ > 0; }
  // Adds what arrives now to input[unit], and goes on to the next step.
  void deliver(T* input);

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  std::size_t units_, stride_, slots_, now_ = 0;
  std::size_t steps_left_ = 0;  // in which something may arrive, this one included
  AlignedVector<T> values_;     // slots_ + 1 rows, the last for no synapse
  std::vector<T*> pointers_;
};

extern template class DelayRing<float>;
extern template class DelayRing<double>;

}  // namespace deltaw
