// SPDX-License-Identifier: Apache-2.0
#include "kernels.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

extern "C" char* openblas_get_corename(void);

namespace deltaw {
namespace {

#if defined(__x86_64__)
constexpr std::array<std::string_view, 3> k_avx512 = {"SkylakeX", "Cooperlake", "SapphireRapids"};
constexpr std::array<std::string_view, 2> k_avx2 = {"Haswell", "Zen"};

// What this processor could run and OpenBLAS did not choose; null: nothing wider.
const char* wider_than(std::string_view kernels) {
  const auto is_among = [&](const auto& names) { return std::ranges::count(names, kernels) > 0; };
  if (is_among(k_avx512)) return nullptr;
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512cd") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (has_avx512) return "SkylakeX";
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has_avx2 && !is_among(k_avx2) ? "Haswell" : nullptr;
}
#endif

}  // namespace

void use_widest_kernels(char** argv) {
#if defined(__x86_64__)
  constexpr const char* variable = "OPENBLAS_CORETYPE";
  if (std::getenv(variable) != nullptr) return;
  const char* const wider = wider_than(openblas_get_corename());
  if (wider == nullptr) return;
  setenv(variable, wider, 1);
  execv("/proc/self/exe", argv);
#else
  static_cast<void>(argv);
#endif
}

}  // namespace deltaw
