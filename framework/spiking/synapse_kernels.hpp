// SPDX-License-Identifier: Apache-2.0
// The loops over the synapses of one source, vectorised for the processor at hand. They touch only
// the arrays that they are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deltaw::detail {

// input[k] += weights[k], k < n.
void add_column(const float* weights, float* input, std::size_t n);
void add_column(const double* weights, double* input, std::size_t n);

// input[k] += weight, k < n.
void add_constant(float weight, float* input, std::size_t n);
void add_constant(double weight, double* input, std::size_t n);

// input[k] += arriving[k], arriving[k] = 0, k < n.
void take_all(float* arriving, float* input, std::size_t n);
void take_all(double* arriving, double* input, std::size_t n);

// slots[delays[k]][k] += weights[k], k < n.
void scatter_column(const float* weights, const std::uint8_t* delays, float* const* slots,
                    std::size_t n);
void scatter_column(const double* weights, const std::uint8_t* delays, double* const* slots,
                    std::size_t n);

}  // namespace deltaw::detail
