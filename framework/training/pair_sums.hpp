// SPDX-License-Identifier: Apache-2.0
// Sums over two matrices of one shape, from which angle, lengths and common signs follow. Pure
// functions: any thread.
#pragma once

#include <cstddef>

#include "core/state.hpp"

namespace deltaw {

// Of pairs (d, g), a rule's change and the reference's.
struct PairSums {
  double product = 0, own = 0, reference = 0;  // <d, g>, |d|^2, |g|^2
  double same = 0, compared = 0;  // entries of the same sign, of those where neither is 0

  PairSums& operator+=(const PairSums& other);
  void save(StateWriter& writer) const;
  void load(StateReader& reader);
};

// Where d and g are equal, so are the three sums of products, to the bit.
[[nodiscard]] PairSums sums_of(const float* own, const float* reference, std::size_t size);
[[nodiscard]] PairSums sums_of(const double* own, const double* reference, std::size_t size);

}  // namespace deltaw
