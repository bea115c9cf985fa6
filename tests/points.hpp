// SPDX-License-Identifier: Apache-2.0
// A small data set for the tests of comparisons.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "task/dataset.hpp"

namespace deltaw {

// So many noisy points around three corners, in turn.
inline Dataset points(std::uint32_t count) {
  Random random(1, "points");
  std::vector<float> values;
  Dataset data;
  data.name = "points";
  data.features = 4;
  data.classes = 3;
  for (std::uint32_t k = 0; k < count; ++k) {
    data.labels.push_back(k % 3);
    for (std::uint32_t i = 0; i < 4; ++i) {
      values.push_back(static_cast<float>((i == k % 3 ? 1 : 0) + 0.2 * random.uniform()));
    }
  }
  data.values = std::move(values);
  return data;
}

}  // namespace deltaw
