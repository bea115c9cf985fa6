// SPDX-License-Identifier: Apache-2.0
// What the drivers of a training add up to, whatever their dynamics. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "training/work.hpp"

namespace deltaw {

template <class D>
[[nodiscard]] Work work_of(const std::vector<std::unique_ptr<D>>& drivers) {
  Work work;
  for (const auto& driver : drivers) work += driver->work();
  return work;
}

// What rules and optimizers keep beside the weights.
template <class D>
[[nodiscard]] std::size_t state_bytes_of(const std::vector<std::unique_ptr<D>>& drivers) {
  std::size_t bytes = 0;
  for (const auto& driver : drivers) bytes += driver->state_bytes();
  return bytes;
}

}  // namespace deltaw
