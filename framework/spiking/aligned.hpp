// SPDX-License-Identifier: Apache-2.0
// Vectors whose first element lies on a cache line, so that the widest loads never cross one.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace deltaw {

template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t k_alignment{64};

  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t n) {
    return static_cast<T*>(::operator new(n * sizeof(T), k_alignment));
  }
  void deallocate(T* data, std::size_t) { ::operator delete(data, k_alignment); }
  bool operator==(const LineAllocator&) const { return true; }
};

template <class T>
using AlignedVector = std::vector<T, LineAllocator<T>>;

}  // namespace deltaw
