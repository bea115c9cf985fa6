// SPDX-License-Identifier: Apache-2.0
// A loss as the experiment describes it.
#pragma once

#include <string>

namespace deltaw {

struct LossSpec {
  std::string type = "cross-entropy";  // or "mse", "absolute"
  // of mse and absolute: "samples" = mean over samples, sum over outputs; "both" = mean over both
  std::string reduction = "samples";
};

}  // namespace deltaw
