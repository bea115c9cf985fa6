// SPDX-License-Identifier: Apache-2.0
// Elementary functions over arrays, with the widest vectors that this processor has. Any thread.
#pragma once

#include <cstddef>

namespace deltaw {

// y[i] = tanh x[i], i < n; y may be x. Within 4 units in the last place (glibc's vector functions),
// and a value gives the same bits wherever in the array it stands.
void tanh_of(const float* x, float* y, std::size_t n);
void tanh_of(const double* x, double* y, std::size_t n);
// y[i] = exp x[i], in the same way.
void exp_of(const float* x, float* y, std::size_t n);
void exp_of(const double* x, double* y, std::size_t n);
// y[i] = 1 / (1 + exp(-x[i])), in the same way.
void sigmoid_of(const float* x, float* y, std::size_t n);
void sigmoid_of(const double* x, double* y, std::size_t n);

}  // namespace deltaw
