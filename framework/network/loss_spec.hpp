// SPDX-License-Identifier: Apache-2.0
// A loss as the experiment describes it.
#pragma once

#include <string>

namespace deltaw {

struct LossSpec {
  // "cross-entropy", "mse", "absolute"; or "none": nobody is told a target, and the last layer may
  // have any number of units.
  std::string type = "cross-entropy";
  // of mse and absolute: "samples" = mean over samples, sum over outputs; "both" = mean over both
  std::string reduction = "samples";

  [[nodiscard]] bool is_none() const { return type == "none"; }
};

}  // namespace deltaw
