// SPDX-License-Identifier: Apache-2.0
// Compiles a function once for each generation of vectors, and lets the program pick at its start.
#pragma once

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define DELTAW_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DELTAW_FOR_EACH_PROCESSOR
#endif
