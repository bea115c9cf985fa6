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

// How the change that one rule proposed compares with that of the reference, over the updates of
// one snapshot. Cosines lie in [-1, 1], but for limit_cosine, which is an estimate.
struct AlignmentRow {
  double epoch = 0;                    // when the snapshot ended, fractions allowed; or the trial
  std::string rule = {};               // that watched; empty: the rules that drive
  std::string connection = {};         // empty: all that both change
  std::size_t updates = 0, draws = 0;  // watched; asked in each
  std::optional<double> cosine = {};   // of one update in one draw
  std::optional<double> mean_cosine = {};     // of the mean over an update's draws
  std::optional<double> limit_cosine = {};    // of endlessly many: what is left is bias
  std::optional<double> sum_cosine = {};      // of the sums over the updates
  std::optional<double> norm_ratio = {};      // of one update in one draw, rule over reference
  std::optional<double> sign_agreement = {};  // share of the weights that neither leaves alone
  // Of one draw: the squared length of the expected change over the variance; none without draws.
  std::optional<double> signal_to_noise = {};

  bool operator==(const AlignmentRow&) const = default;
};

struct RunRecord {
  std::string rule;  // the display name, unique in an experiment: [A-Za-z0-9._-]+
  std::uint64_t seed = 0;
  std::string status = "finished";  // or "failed", "interrupted"
  std::string error = {};           // the message of a failed run
  std::vector<EpochRow> curve = {};
  std::vector<float> errors = {};  // of each trial, in a task of trials
  std::vector<AlignmentRow> alignment = {};
  // Empty value: not reached, not measured.
  std::map<std::string, std::optional<double>> metrics = {};
};

}  // namespace deltaw
