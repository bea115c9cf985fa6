// SPDX-License-Identifier: Apache-2.0
// Columns of weights, added at once or spread over steps to come.
#include "spiking/synapse_kernels.hpp"

#include <bit>
#include <cstring>

#include "core/for_each_processor.hpp"

namespace deltaw::detail {
namespace {

constexpr bool k_is_little = std::endian::native == std::endian::little;

// Eight delays by one load. Bound by its one load, addition and store a synapse: 0.45 to 0.55 ns
// were measured, more with the synapses sorted by delay, and twice that with vector scatters.
template <class T>
void scatter(const T* __restrict weights, const std::uint8_t* __restrict delays, T* const* slots,
             std::size_t n) {
  std::size_t k = 0;
  for (; k + 8 <= n; k += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, delays + k, 8);
#pragma GCC unroll 8
    for (std::size_t j = 0; j < 8; ++j) {
      const std::size_t shift = 8 * (k_is_little ? j : 7 - j);
      slots[eight >> shift & 255][k + j] += weights[k + j];
    }
  }
  for (; k < n; ++k) slots[delays[k]][k] += weights[k];
}

}  // namespace

DELTAW_FOR_EACH_PROCESSOR
void add_column(const float* __restrict weights, float* __restrict input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) input[k] += weights[k];
}
DELTAW_FOR_EACH_PROCESSOR
void add_column(const double* __restrict weights, double* __restrict input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) input[k] += weights[k];
}

DELTAW_FOR_EACH_PROCESSOR
void add_constant(float weight, float* input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) input[k] += weight;
}
DELTAW_FOR_EACH_PROCESSOR
void add_constant(double weight, double* input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) input[k] += weight;
}

DELTAW_FOR_EACH_PROCESSOR
void take_all(float* __restrict arriving, float* __restrict input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    input[k] += arriving[k];
    arriving[k] = 0;
  }
}
DELTAW_FOR_EACH_PROCESSOR
void take_all(double* __restrict arriving, double* __restrict input, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    input[k] += arriving[k];
    arriving[k] = 0;
  }
}

void scatter_column(const float* weights, const std::uint8_t* delays, float* const* slots,
                    std::size_t n) {
  scatter(weights, delays, slots, n);
}
void scatter_column(const double* weights, const std::uint8_t* delays, double* const* slots,
                    std::size_t n) {
  scatter(weights, delays, slots, n);
}

}  // namespace deltaw::detail
