// SPDX-License-Identifier: Apache-2.0
#include "kernels.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

extern "C" char* openblas_get_corename(void);

namespace deltaw {

void use_widest_kernels(char** argv) {
#if defined(__x86_64__)
  constexpr const char* variable = "OPENBLAS_CORETYPE";
  if (std::getenv(variable) != nullptr) return;
  const std::string_view kernels = openblas_get_corename();
  if (kernels != "Haswell" && kernels != "Zen") return;
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512cd") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (!has_avx512) return;
  setenv(variable, "SkylakeX", 1);
  execv("/proc/self/exe", argv);
#else
  static_cast<void>(argv);
#endif
}

}  // namespace deltaw
