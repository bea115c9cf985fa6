// SPDX-License-Identifier: Apache-2.0
// The largest of each square of an image, channel by channel. One instance an Activity; one thread
// at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "network/patches.hpp"

namespace deltaw {

template <class T>
class MaxPool {
 public:
  // Memory for `max_columns`. REQUIRES: patches without padding.
  MaxPool(const Patches& patches, std::size_t max_columns);

  // `source` and `target` are units x k. Of several that are largest the first counts, in the order
  // of rows.
  void forward(std::size_t k, const T* source, T* target);
  // grad_source = beta grad_source + grad_target, at the pixel that was the largest.
  // REQUIRES: the latest forward() had the same k.
  void vjp(std::size_t k, const T* grad_target, T beta, T* grad_source) const;

 private:
  void pool(const T* image, T* target, std::uint32_t* largest) const;

  Patches patches_;
  std::vector<std::uint32_t> largest_;  // units of the target x columns: a unit of the source
};

extern template class MaxPool<float>;
extern template class MaxPool<double>;

}  // namespace deltaw
