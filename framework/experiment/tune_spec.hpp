// SPDX-License-Identifier: Apache-2.0
// How a tuning searches, as the experiment describes it: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

// What is said of a place of an arm ("optimizer.rate", "drive.0.parameters.mu"): its range, or the
// arm's own number divided and multiplied by `factor`; with neither it is not searched.
struct RangeSpec {
  std::string path;
  std::optional<SearchRange> range = {};
  double factor = 0;
};

struct TuneSpec {
  std::size_t trials = 27;  // of each arm
  std::size_t epochs = 0;   // of the last rung, or trials of a task in trials; 0: the training's
  std::vector<std::uint64_t> seeds = {};  // none of the comparison's
  std::string search = "sobol";           // or "random"
  std::size_t halving = 3;                // 1: every trial has all epochs
  std::size_t rungs = 0;                  // 0: as many as trials and epochs allow, at most 3
  std::string metric = {};                // empty: as the task suggests
  double validation = 0.2;                // of the training part, where the task has none
  std::vector<RangeSpec> ranges = {};     // of every arm
};

}  // namespace deltaw
