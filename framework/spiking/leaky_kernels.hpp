// SPDX-License-Identifier: Apache-2.0
// The loops over the units of a leaky layer, vectorised for the processor at hand. They touch only
// the arrays that they are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deltaw::detail {

// Units come in blocks, the last one padded.
inline constexpr std::size_t k_block = 64;

// How a layer moves in one step of dt; x is v from its resting value, a = dt / tau, s = 1 + e + i
// and c the constant current of the unit:
//   linear       x' = keep x + take_e e - take_i i + take_c c
//   implicit     x' = x + a (e E_e + i E_i + c - s x) / (1 + a s)
//   exponential  x' = y + (x - y) exp(-a s), y = (e E_e + i E_i + c) / s
//   euler        x' = x + a (e E_e + i E_i + c - s x)
enum class Motion { linear, implicit, exponential, euler };

template <class T>
struct LeakyArrays {
  T* x;                         // mV above rest + current
  T* e;                         // excitatory input, in units of the leak conductance or mV
  T* i;                         // inhibitory
  const T* theta;               // threshold above `threshold`, divided by theta_scale
  const std::int32_t* free_at;  // first step in which the unit is not refractory
  const T* current;             // c, in mV; null where all are 0
  T* factor;                    // room for exp(-a s), of `exponential`; otherwise null
  std::uint8_t* crossed;        // of each block: 0 when no unit in it passes its threshold
};

template <class T>
struct LeakyStep {
  T keep = 0, take_e = 0, take_i = 0, take_c = 0;  // of linear
  T a = 0, reversal_e = 0, reversal_i = 0;
  T keep_e = 0, keep_i = 0;  // decay of e and i
  T threshold = 0;           // mV above rest + current, without theta
  T theta_scale = 1;
  std::int32_t now = 0;
};

// Whether a unit passes its threshold. The same bits in every loop: nothing here can be fused.
template <class T>
[[nodiscard]] inline bool passes(T x, T theta, const LeakyStep<T>& step) {
  return x - step.threshold > step.theta_scale * theta;
}

// Advances blocks [first, last). Returns whether forward Euler is unstable for a unit: a s > 2.
bool advance(Motion motion, const LeakyArrays<float>& arrays, const LeakyStep<float>& step,
             std::size_t first, std::size_t last);
bool advance(Motion motion, const LeakyArrays<double>& arrays, const LeakyStep<double>& step,
             std::size_t first, std::size_t last);

}  // namespace deltaw::detail
