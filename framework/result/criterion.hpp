// SPDX-License-Identifier: Apache-2.0
// When a run counts as having learnt: a plain value.
#pragma once

#include <string>

namespace deltaw {

struct Criterion {
  std::string metric = "train_accuracy";  // a measured column of EpochRow
  double value = 0.9;
  bool at_least = true;  // or at most, for losses
};

}  // namespace deltaw
