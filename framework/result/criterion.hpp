// SPDX-License-Identifier: Apache-2.0
// When a run counts as having learnt: a plain value.
#pragma once

#include <cstddef>
#include <string>

namespace deltaw {

struct Criterion {
  // Of tasks with data: a measured column of EpochRow ...
  std::string metric = "train_accuracy";
  double value = 0.9;
  bool at_least = true;  // or at most, for losses
  // Of tasks in trials: this share of the latest `of` trials has an error below this.
  double error = 1, share = 0.95;
  std::size_t of = 100;
};

}  // namespace deltaw
