// SPDX-License-Identifier: Apache-2.0
// Many tests at once. Pure: any thread.
#pragma once

#include <span>
#include <vector>

namespace deltaw {

// p values adjusted for their number (Holm 1979, Scandinavian Journal of Statistics 6:65), in the
// order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

}  // namespace deltaw
