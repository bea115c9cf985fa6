// SPDX-License-Identifier: Apache-2.0
// What one run (one rule, one seed) leaves behind: plain values, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

// One evaluated epoch, or trial in a task of trials; number 0 is before training. Accuracies lie in
// [0, 1]; what was not measured is empty.
struct EpochRow {
  std::size_t epoch = 0;
  std::size_t updates = 0;  // of weights, since the start
  double seconds = 0;       // of training, without evaluation, since the start
  std::optional<double> train_loss = {}, train_accuracy = {};
  std::optional<double> validation_loss = {}, validation_accuracy = {};
  std::optional<double> test_loss = {}, test_accuracy = {};
  std::optional<double> alignment = {};  // cosine of the rule's change and the gradient's

  bool operator==(const EpochRow&) const = default;
};

// The measured quantity of that column ("train_loss", ..., "alignment"), or nullptr.
[[nodiscard]] std::optional<double> EpochRow::*column_named(std::string_view name);

struct RunRecord {
  std::string rule;  // the display name, unique in an experiment: [A-Za-z0-9._-]+
  std::uint64_t seed = 0;
  std::string status = "finished";  // or "failed", "interrupted"
  std::string error = {};           // the message of a failed run
  std::vector<EpochRow> curve = {};
  std::vector<float> errors = {};  // of each trial, in a task of trials
  // Empty value: not reached, not measured.
  std::map<std::string, std::optional<double>> metrics = {};
};

}  // namespace deltaw
