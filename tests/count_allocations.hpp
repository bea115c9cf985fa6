// SPDX-License-Identifier: Apache-2.0
// Counts what a piece of code allocates: replaces operator new and posix_memalign (which Armadillo
// calls) in the executable that includes it; weakly, so that several of its files may. Counts
// nothing under a sanitizer. One thread.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace deltaw::testing {

inline std::size_t allocations = 0;

template <class F>
std::size_t count_allocations(F f) {
  f();  // the first time may allocate
  const std::size_t before = allocations;
  f();
  return allocations - before;
}

}  // namespace deltaw::testing

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool k_counts_allocations = false;
#else
inline constexpr bool k_counts_allocations = true;

extern "C" [[gnu::weak]] int posix_memalign(void** out, std::size_t alignment,
                                            std::size_t size) noexcept {
  ++deltaw::testing::allocations;
  *out = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  return *out == nullptr ? 12 : 0;  // ENOMEM
}

[[gnu::noinline, gnu::weak]] void* operator new(std::size_t size) {
  ++deltaw::testing::allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline, gnu::weak]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline, gnu::weak]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif
