// SPDX-License-Identifier: Apache-2.0
// Rows are an odd number of cache lines long, so that the rows of one unit do not compete for the
// same place in the cache.
#include "spiking/delay_ring.hpp"

#include "spiking/bytes.hpp"
#include "spiking/synapse_kernels.hpp"

namespace deltaw {
namespace {

template <class T>
std::size_t stride_for(std::size_t units) {
  constexpr std::size_t line = 64 / sizeof(T);
  const std::size_t lines = (units + line - 1) / line;
  return (lines + (lines % 2 == 0 ? 1 : 0)) * line;
}

}  // namespace

template <class T>
DelayRing<T>::DelayRing(std::size_t units, std::size_t longest)
    : units_(units),
      stride_(stride_for<T>(units)),
      slots_(longest + 1),
      values_(stride_ * (slots_ + 1)),
      pointers_(k_no_synapse + 1) {}

template <class T>
T* const* DelayRing<T>::slots() {
  for (std::size_t d = 0; d < slots_; ++d) {
    const std::size_t slot = now_ + d < slots_ ? now_ + d : now_ + d - slots_;
    pointers_[d] = values_.data() + slot * stride_;
  }
  pointers_[k_no_synapse] = values_.data() + slots_ * stride_;
  steps_left_ = slots_;
  return pointers_.data();
}

template <class T>
void DelayRing<T>::deliver(T* input) {
  T* slot = values_.data() + now_ * stride_;
  if (steps_left_ > 0) {
    detail::take_all(slot, input, units_);
    --steps_left_;
  }
  now_ = now_ + 1 < slots_ ? now_ + 1 : 0;
}

template <class T>
void DelayRing<T>::save(StateWriter& writer) const {
  writer.integer("ring now", now_);
  writer.integer("ring steps left", steps_left_);
  writer.matrix("ring", values_.data(), stride_, slots_);
}

template <class T>
void DelayRing<T>::load(StateReader& reader) {
  now_ = reader.at_most(slots_ - 1, "ring now");
  steps_left_ = reader.at_most(slots_, "ring steps left");
  reader.matrix("ring", values_.data(), stride_, slots_);
}

template class DelayRing<float>;
template class DelayRing<double>;

}  // namespace deltaw
