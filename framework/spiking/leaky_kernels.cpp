// SPDX-License-Identifier: Apache-2.0
// One pass over state, inputs and thresholds; the compiler makes vectors of each block.
#include "spiking/leaky_kernels.hpp"

#include "core/for_each_processor.hpp"
#include "core/vector_math.hpp"

namespace deltaw::detail {
namespace {

constexpr std::size_t k_chunk = 8;  // blocks whose crossings are found together

#define DELTAW_ALWAYS_INLINE __attribute__((always_inline))
#define DELTAW_INLINE DELTAW_ALWAYS_INLINE inline

// `move` gives x after the step from (x, e, i, place).
template <class T, class Move>
DELTAW_INLINE void sweep(const LeakyArrays<T>& arrays, const LeakyStep<T> step, std::size_t first,
                         std::size_t last, Move move) {
  T* __restrict x = arrays.x;
  T* __restrict e = arrays.e;
  T* __restrict i = arrays.i;
  const T* __restrict theta = arrays.theta;
  const std::int32_t* __restrict free_at = arrays.free_at;
  for (std::size_t chunk = first; chunk < last; chunk += k_chunk) {
    const std::size_t end = chunk + k_chunk < last ? chunk + k_chunk : last;
    int crossed = 0;
    for (std::size_t k = chunk * k_block; k < end * k_block; ++k) {
      const bool is_free = free_at[k] <= step.now;
      const T moved = move(x[k], e[k], i[k], k);
      const T next = is_free ? moved : x[k];
      x[k] = next;
      e[k] *= step.keep_e;
      i[k] *= step.keep_i;
      crossed |= static_cast<int>(passes(next, theta[k], step)) & static_cast<int>(is_free);
    }
    for (std::size_t block = chunk; block < end; ++block) {
      arrays.crossed[block] = static_cast<std::uint8_t>(crossed);
    }
  }
}

// What pulls at v: e E_e + i E_i + c, or without c where no unit has a current.
template <class T, bool has_current>
struct Pull {
  T reversal_e, reversal_i;
  const T* current;
  DELTAW_INLINE T operator()(T e, T i, std::size_t k) const {
    const T synaptic = e * reversal_e + i * reversal_i;
    if constexpr (has_current) return synaptic + current[k];
    return synaptic;
  }
};

template <class T, bool has_current>
DELTAW_INLINE bool advance_with(Motion motion, const LeakyArrays<T>& arrays, const LeakyStep<T>& s,
                                std::size_t first, std::size_t last) {
  const T a = s.a;
  const Pull<T, has_current> pull{s.reversal_e, s.reversal_i, arrays.current};
  if (motion == Motion::linear) {
    const T keep = s.keep, take_e = s.take_e, take_i = s.take_i, take_c = s.take_c;
    const T* current = arrays.current;
    sweep(arrays, s, first, last, [=](T x, T e, T i, std::size_t k) DELTAW_ALWAYS_INLINE {
      const T moved = keep * x + (take_e * e - take_i * i);
      if constexpr (has_current) return moved + take_c * current[k];
      return moved;
    });
    return false;
  }
  if (motion == Motion::implicit) {
    sweep(arrays, s, first, last, [=](T x, T e, T i, std::size_t k) DELTAW_ALWAYS_INLINE {
      const T total = 1 + e + i;
      return x + a * (pull(e, i, k) - total * x) / (1 + a * total);
    });
    return false;
  }
  if (motion == Motion::exponential) {
    const T* factor = arrays.factor;
    sweep(arrays, s, first, last, [=](T x, T e, T i, std::size_t k) DELTAW_ALWAYS_INLINE {
      const T aim = pull(e, i, k) / (1 + e + i);
      return aim + (x - aim) * factor[k];
    });
    return false;
  }
  T most = 0;
  sweep(arrays, s, first, last,
        [&most, a, pull](T x, T e, T i, std::size_t k) DELTAW_ALWAYS_INLINE {
          const T total = 1 + e + i;
          most = total > most ? total : most;
          return x + a * (pull(e, i, k) - total * x);
        });
  return a * most > 2;
}

template <class T>
DELTAW_INLINE bool advance_any(Motion motion, const LeakyArrays<T>& arrays, const LeakyStep<T>& s,
                               std::size_t first, std::size_t last) {
  if (arrays.current == nullptr) return advance_with<T, false>(motion, arrays, s, first, last);
  return advance_with<T, true>(motion, arrays, s, first, last);
}

DELTAW_FOR_EACH_PROCESSOR
bool advance_blocks(Motion motion, const LeakyArrays<float>& arrays, const LeakyStep<float>& step,
                    std::size_t first, std::size_t last) {
  return advance_any(motion, arrays, step, first, last);
}
DELTAW_FOR_EACH_PROCESSOR
bool advance_blocks(Motion motion, const LeakyArrays<double>& arrays, const LeakyStep<double>& step,
                    std::size_t first, std::size_t last) {
  return advance_any(motion, arrays, step, first, last);
}

// factor = exp(-a s).
template <class T>
void find_factors(const LeakyArrays<T>& arrays, T a, std::size_t first, std::size_t last) {
  for (std::size_t k = first * k_block; k < last * k_block; ++k) {
    arrays.factor[k] = -a * (1 + arrays.e[k] + arrays.i[k]);
  }
  exp_of(arrays.factor + first * k_block, arrays.factor + first * k_block,
         (last - first) * k_block);
}

template <class T>
bool advance_all(Motion motion, const LeakyArrays<T>& arrays, const LeakyStep<T>& step,
                 std::size_t first, std::size_t last) {
  if (motion == Motion::exponential) find_factors(arrays, step.a, first, last);
  return advance_blocks(motion, arrays, step, first, last);
}

}  // namespace

bool advance(Motion motion, const LeakyArrays<float>& arrays, const LeakyStep<float>& step,
             std::size_t first, std::size_t last) {
  return advance_all(motion, arrays, step, first, last);
}
bool advance(Motion motion, const LeakyArrays<double>& arrays, const LeakyStep<double>& step,
             std::size_t first, std::size_t last) {
  return advance_all(motion, arrays, step, first, last);
}

}  // namespace deltaw::detail
