// SPDX-License-Identifier: Apache-2.0
// What the units of a GRU or an LSTM do in one step of one observation, and the way back. Pure
// functions: any thread.
#pragma once

#include <cstddef>

namespace deltaw {

// All arrays hold a number for each unit, but `potential`, `bias` and `grad_potential` for each of
// four parts, one after the other. On entry `potential` holds what the connections bring, on return
// what the way back needs; `bias` is added to it.

// Parts n, r, z and m, with m = (U h' + bias) of the candidate, there on entry as it is:
//   r = sigmoid, z = sigmoid, n = tanh(n + r m), h = (1 - z) n + z h'
// with h' in `before` and h in `after`.
template <class T>
void gru_forward(std::size_t units, T* potential, const T* bias, const T* before, T* after);
// `carried` is dL/dh on entry, on return what reaches h' past the gates.
template <class T>
void gru_backward(std::size_t units, const T* potential, const T* before, T* carried,
                  T* grad_potential);

// Parts i, f, g and o:
//   i, f, o = sigmoid, g = tanh, c = f c' + i g, h = o tanh c
// with c' in `cell_before`, c in `cell`, tanh c in `squashed` and h in `after`.
template <class T>
void lstm_forward(std::size_t units, T* potential, const T* bias, const T* cell_before, T* cell,
                  T* squashed, T* after);
// `carried` is dL/dh; `cell_carried` is dL/dc through the next step on entry, dL/dc' on return.
template <class T>
void lstm_backward(std::size_t units, const T* potential, const T* cell_before, const T* squashed,
                   const T* carried, T* cell_carried, T* grad_potential);

extern template void gru_forward(std::size_t, float*, const float*, const float*, float*);
extern template void gru_forward(std::size_t, double*, const double*, const double*, double*);
extern template void gru_backward(std::size_t, const float*, const float*, float*, float*);
extern template void gru_backward(std::size_t, const double*, const double*, double*, double*);
extern template void lstm_forward(std::size_t, float*, const float*, const float*, float*, float*,
                                  float*);
extern template void lstm_forward(std::size_t, double*, const double*, const double*, double*,
                                  double*, double*);
extern template void lstm_backward(std::size_t, const float*, const float*, const float*,
                                   const float*, float*, float*);
extern template void lstm_backward(std::size_t, const double*, const double*, const double*,
                                   const double*, double*, double*);

}  // namespace deltaw
