// SPDX-License-Identifier: Apache-2.0
// Loops that the compiler vectorises: the parts never overlap.
#include "network/gates.hpp"

#include "core/vector_math.hpp"

namespace deltaw {

template <class T>
void gru_forward(std::size_t units, T* potential, const T* bias, const T* before, T* after) {
  T* const gates = potential + units;
  for (std::size_t i = 0; i < 2 * units; ++i) gates[i] += bias[units + i];
  sigmoid_of(gates, gates, 2 * units);
  T* __restrict n = potential;
  const T* __restrict r = gates;
  const T* __restrict z = gates + units;
  const T* __restrict m = gates + 2 * units;
  for (std::size_t i = 0; i < units; ++i) n[i] += bias[i] + r[i] * m[i];
  tanh_of(n, n, units);
  T* __restrict h = after;
  for (std::size_t i = 0; i < units; ++i) h[i] = n[i] + z[i] * (before[i] - n[i]);
}

template <class T>
void gru_backward(std::size_t units, const T* potential, const T* before, T* carried,
                  T* grad_potential) {
  const T *n = potential, *r = n + units, *z = r + units, *m = z + units;
  T* __restrict grad_n = grad_potential;
  T* __restrict grad_r = grad_n + units;
  T* __restrict grad_z = grad_r + units;
  T* __restrict grad_m = grad_z + units;
  T* __restrict grad_h = carried;
  for (std::size_t i = 0; i < units; ++i) {
    const T of_candidate = grad_h[i] * (1 - z[i]) * (1 - n[i] * n[i]);
    grad_n[i] = of_candidate;
    grad_m[i] = of_candidate * r[i];
    grad_r[i] = of_candidate * m[i] * r[i] * (1 - r[i]);
    grad_z[i] = grad_h[i] * (before[i] - n[i]) * z[i] * (1 - z[i]);
    grad_h[i] *= z[i];
  }
}

template <class T>
void lstm_forward(std::size_t units, T* potential, const T* bias, const T* cell_before, T* cell,
                  T* squashed, T* after) {
  for (std::size_t i = 0; i < 4 * units; ++i) potential[i] += bias[i];
  T *const in = potential, *const forget = in + units, *const g = forget + units;
  sigmoid_of(in, in, 2 * units);
  tanh_of(g, g, units);
  T* const out = g + units;
  sigmoid_of(out, out, units);
  T* __restrict c = cell;
  for (std::size_t i = 0; i < units; ++i) c[i] = forget[i] * cell_before[i] + in[i] * g[i];
  tanh_of(c, squashed, units);
  T* __restrict h = after;
  for (std::size_t i = 0; i < units; ++i) h[i] = out[i] * squashed[i];
}

template <class T>
void lstm_backward(std::size_t units, const T* potential, const T* cell_before, const T* squashed,
                   const T* carried, T* cell_carried, T* grad_potential) {
  const T *in = potential, *forget = in + units, *g = forget + units, *out = g + units;
  T* __restrict grad_in = grad_potential;
  T* __restrict grad_forget = grad_in + units;
  T* __restrict grad_g = grad_forget + units;
  T* __restrict grad_out = grad_g + units;
  T* __restrict grad_c = cell_carried;
  for (std::size_t i = 0; i < units; ++i) {
    const T of_cell = grad_c[i] + carried[i] * out[i] * (1 - squashed[i] * squashed[i]);
    grad_out[i] = carried[i] * squashed[i] * out[i] * (1 - out[i]);
    grad_in[i] = of_cell * g[i] * in[i] * (1 - in[i]);
    grad_forget[i] = of_cell * cell_before[i] * forget[i] * (1 - forget[i]);
    grad_g[i] = of_cell * in[i] * (1 - g[i] * g[i]);
    grad_c[i] = of_cell * forget[i];
  }
}

template void gru_forward(std::size_t, float*, const float*, const float*, float*);
template void gru_forward(std::size_t, double*, const double*, const double*, double*);
template void gru_backward(std::size_t, const float*, const float*, float*, float*);
template void gru_backward(std::size_t, const double*, const double*, double*, double*);
template void lstm_forward(std::size_t, float*, const float*, const float*, float*, float*, float*);
template void lstm_forward(std::size_t, double*, const double*, const double*, double*, double*,
                           double*);
template void lstm_backward(std::size_t, const float*, const float*, const float*, const float*,
                            float*, float*);
template void lstm_backward(std::size_t, const double*, const double*, const double*, const double*,
                            double*, double*);

}  // namespace deltaw
