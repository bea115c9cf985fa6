// SPDX-License-Identifier: Apache-2.0
// How features are shifted and divided, learnt from training samples only. Pure function: any
// thread.
#pragma once

#include <string>
#include <vector>

#include "task/dataset.hpp"

namespace deltaw {

// A feature's value x becomes (x - shift) / divisor; one entry a feature.
struct Scaling {
  std::vector<double> shift, divisor;
};

// `scale` as in TaskSpec, from the samples `train` (indices, not empty). The deviation is that of
// the population (divided by n). A constant feature's divisor is infinite, so that it becomes 0;
// with "standardise-all" only where all features are one constant. Errors: E403 negative values
// with "unit"; E503 unknown scale.
[[nodiscard]] Scaling learn_scaling(const Dataset& data, const std::vector<std::size_t>& train,
                                    const std::string& scale);

}  // namespace deltaw
