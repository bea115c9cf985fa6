// SPDX-License-Identifier: Apache-2.0
// Where inputs and targets of an experiment come from: a data set, or trials; a protocol needs
// neither. Immutable once made: any thread.
#pragma once

#include <memory>
#include <optional>

#include "task/dataset.hpp"
#include "task/find_data.hpp"
#include "task/sequence.hpp"
#include "task/spec.hpp"
#include "task/trial_task.hpp"

namespace deltaw {

struct Task {
  Dataset data = {};                                  // empty without a data set
  std::unique_ptr<const TrialTask> trials = nullptr;  // null without trials
  std::optional<SequenceSpec> sequence = {};

  // The units that a network's input and output need.
  [[nodiscard]] std::size_t inputs() const { return trials ? trials->channels() : data.features; }
  [[nodiscard]] std::size_t outputs() const {
    if (trials) return trials->outputs();
    return sequence ? outputs_of(*sequence, data.classes) : data.classes;
  }
};

// Errors: those of load_dataset() and make_trial_task().
[[nodiscard]] inline Task make_task(const TaskSpec& spec, const DataFolders& folders) {
  if (spec.trials) return {.trials = make_trial_task(*spec.trials)};
  if (spec.protocol) return {};
  return {.data = load_dataset(spec.data, folders), .sequence = spec.sequence};
}

}  // namespace deltaw
