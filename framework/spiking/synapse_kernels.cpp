// SPDX-License-Identifier: Apache-2.0
#include "spiking/synapse_kernels.hpp"

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define DELTAW_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DELTAW_FOR_EACH_PROCESSOR
#endif

namespace deltaw::detail {
namespace {

template <class T>
void scatter(const T* __restrict weights, const std::uint8_t* __restrict delays, T* const* slots,
             std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) slots[delays[k]][k] += weights[k];
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

void scatter_column(const float* weights, const std::uint8_t* delays, float* const* slots,
                    std::size_t n) {
  scatter(weights, delays, slots, n);
}
void scatter_column(const double* weights, const std::uint8_t* delays, double* const* slots,
                    std::size_t n) {
  scatter(weights, delays, slots, n);
}

}  // namespace deltaw::detail
