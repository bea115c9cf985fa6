// SPDX-License-Identifier: Apache-2.0
// Numbers next to zero taken for zero, in one thread for as long as an object lives.
#pragma once

#ifdef __SSE__
#include <xmmintrin.h>
#endif

namespace deltaw {

// Denormal numbers, below 1.2e-38 in float32, take a processor a hundred times as long as others.
// What decays and is never fed again, as an optimizer's moments of a unit that is always silent,
// would stay there for ever: 0.9 times the least of them is rounded to itself. Only where SSE
// computes; elsewhere nothing is flushed.
class FlushDenormals {
 public:
#ifdef __SSE__
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | k_results | k_operands); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#ifdef __SSE__
  static constexpr unsigned k_results = 0x8000, k_operands = 0x40;
  unsigned before_;
#endif
};

}  // namespace deltaw
