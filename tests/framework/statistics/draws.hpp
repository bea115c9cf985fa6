// SPDX-License-Identifier: Apache-2.0
// Made-up runs for the tests of statistics.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.hpp"

using Values = std::vector<double>;

inline double identity(double z) { return z; }
inline double log_normal(double z) { return std::exp(z); }  // median 1, skewed

inline Values draw(std::uint64_t seed, std::size_t n, double (*map)(double)) {
  deltaw::Random random(seed, "test");
  Values values(n);
  for (double& value : values) value = map(random.normal());
  return values;
}
