// SPDX-License-Identifier: Apache-2.0
// Sixteen sums side by side, which vectors of any width add in the same order.
#include "training/pair_sums.hpp"

#include <algorithm>

#include "core/for_each_processor.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_lanes = 16;
constexpr std::size_t k_chunk = 64;  // additions of a lane in T, before they go to double

template <class T>
struct Lanes {
  T product[k_lanes] = {}, own[k_lanes] = {}, reference[k_lanes] = {}, same[k_lanes] = {},
    compared[k_lanes] = {};
};

// Sums of its own, for the caller's might lie in d or g; and a loop over lanes that stays one, for
// unrolled it is not vectorised.
template <class T>
[[gnu::always_inline]] inline void add_all(const T* d, const T* g, std::size_t blocks,
                                           Lanes<T>& lanes) {
  Lanes<T> sums = lanes;
  for (std::size_t b = 0; b < blocks; ++b, d += k_lanes, g += k_lanes) {
#pragma GCC unroll 1
    for (std::size_t l = 0; l < k_lanes; ++l) {
      const T x = d[l], y = g[l];
      sums.product[l] += x * y;
      sums.own[l] += x * x;
      sums.reference[l] += y * y;
      const T own_sign = (x > 0 ? T(1) : T(0)) - (x < 0 ? T(1) : T(0));
      const T sign = (y > 0 ? T(1) : T(0)) - (y < 0 ? T(1) : T(0));
      const T agrees = own_sign * sign;  // 1, -1, or 0 where one is 0
      sums.same[l] += agrees > 0 ? T(1) : T(0);
      sums.compared[l] += agrees * agrees;
    }
  }
  lanes = sums;
}

DELTAW_FOR_EACH_PROCESSOR
void add_blocks(const float* d, const float* g, std::size_t blocks, Lanes<float>& lanes) {
  add_all(d, g, blocks, lanes);
}
DELTAW_FOR_EACH_PROCESSOR
void add_blocks(const double* d, const double* g, std::size_t blocks, Lanes<double>& lanes) {
  add_all(d, g, blocks, lanes);
}

template <class T>
void add(const Lanes<T>& lanes, PairSums& sums) {
  for (std::size_t l = 0; l < k_lanes; ++l) {
    sums.product += static_cast<double>(lanes.product[l]);
    sums.own += static_cast<double>(lanes.own[l]);
    sums.reference += static_cast<double>(lanes.reference[l]);
    sums.same += static_cast<double>(lanes.same[l]);
    sums.compared += static_cast<double>(lanes.compared[l]);
  }
}

template <class T>
PairSums sums_of_all(const T* d, const T* g, std::size_t size) {
  PairSums sums;
  const std::size_t blocks = size / k_lanes;
  for (std::size_t first = 0; first < blocks; first += k_chunk) {
    Lanes<T> lanes;
    add_blocks(d + first * k_lanes, g + first * k_lanes, std::min(k_chunk, blocks - first), lanes);
    add(lanes, sums);
  }
  T rest[2][k_lanes] = {};
  const std::size_t done = blocks * k_lanes;
  std::copy_n(d + done, size - done, rest[0]);
  std::copy_n(g + done, size - done, rest[1]);
  Lanes<T> lanes;
  add_blocks(rest[0], rest[1], 1, lanes);
  add(lanes, sums);
  return sums;
}

}  // namespace

PairSums& PairSums::operator+=(const PairSums& other) {
  product += other.product;
  own += other.own;
  reference += other.reference;
  same += other.same;
  compared += other.compared;
  return *this;
}

void PairSums::save(StateWriter& writer) const {
  for (const double sum : {product, own, reference, same, compared}) writer.real("sum", sum);
}

void PairSums::load(StateReader& reader) {
  for (double* sum : {&product, &own, &reference, &same, &compared}) *sum = reader.real("sum");
}

PairSums sums_of(const float* own, const float* reference, std::size_t size) {
  return sums_of_all(own, reference, size);
}
PairSums sums_of(const double* own, const double* reference, std::size_t size) {
  return sums_of_all(own, reference, size);
}

}  // namespace deltaw
