// SPDX-License-Identifier: Apache-2.0
// Loops over whole blocks, which GCC turns into calls of glibc's vector functions; the rest of an
// array goes through a block of its own, so that no element takes the scalar path.
#include "core/vector_math.hpp"

#include <algorithm>
#include <cmath>

#include "core/for_each_processor.hpp"

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
extern "C" float tanhf(float) noexcept __attribute__((simd("notinbranch")));
extern "C" double tanh(double) noexcept __attribute__((simd("notinbranch")));
extern "C" float expf(float) noexcept __attribute__((simd("notinbranch")));
extern "C" double exp(double) noexcept __attribute__((simd("notinbranch")));
#endif

namespace deltaw {
namespace {

constexpr std::size_t k_block = 16;  // floats of the widest vector

DELTAW_FOR_EACH_PROCESSOR
void tanh_of_blocks(const float* x, float* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = tanhf(x[i]);
}
DELTAW_FOR_EACH_PROCESSOR
void tanh_of_blocks(const double* x, double* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = tanh(x[i]);
}
DELTAW_FOR_EACH_PROCESSOR
void exp_of_blocks(const float* x, float* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = expf(x[i]);
}
DELTAW_FOR_EACH_PROCESSOR
void exp_of_blocks(const double* x, double* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = exp(x[i]);
}
DELTAW_FOR_EACH_PROCESSOR
void sigmoid_of_blocks(const float* x, float* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = 1 / (1 + expf(-x[i]));
}
DELTAW_FOR_EACH_PROCESSOR
void sigmoid_of_blocks(const double* x, double* y, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks * k_block; ++i) y[i] = 1 / (1 + exp(-x[i]));
}

template <class T>
void of_all(void (*of_blocks)(const T*, T*, std::size_t), const T* x, T* y, std::size_t n) {
  const std::size_t blocks = n / k_block, done = blocks * k_block;
  of_blocks(x, y, blocks);
  if (done == n) return;
  T rest[k_block] = {};
  std::copy_n(x + done, n - done, rest);
  of_blocks(rest, rest, 1);
  std::copy_n(rest, n - done, y + done);
}

}  // namespace

void tanh_of(const float* x, float* y, std::size_t n) { of_all<float>(tanh_of_blocks, x, y, n); }
void tanh_of(const double* x, double* y, std::size_t n) { of_all<double>(tanh_of_blocks, x, y, n); }
void exp_of(const float* x, float* y, std::size_t n) { of_all<float>(exp_of_blocks, x, y, n); }
void exp_of(const double* x, double* y, std::size_t n) { of_all<double>(exp_of_blocks, x, y, n); }
void sigmoid_of(const float* x, float* y, std::size_t n) {
  of_all<float>(sigmoid_of_blocks, x, y, n);
}
void sigmoid_of(const double* x, double* y, std::size_t n) {
  of_all<double>(sigmoid_of_blocks, x, y, n);
}

}  // namespace deltaw
