// SPDX-License-Identifier: Apache-2.0
// What the sentences of a report are about: the metric and how it is spoken of. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace deltaw {

struct Subject {
  std::string metric;
  bool is_accuracy;
  bool is_in_trials = false;
  std::string readout = {};  // that the metric is of; empty: the network itself

  // "97.2 %", "0.0545".
  [[nodiscard]] std::string value(double x) const;
  // "1.5 points", "0.0545".
  [[nodiscard]] std::string difference(double x) const;
  // "1.4 to 1.6".
  [[nodiscard]] std::string range(double low, double high) const;
  // "accuracy on test data".
  [[nodiscard]] std::string noun() const;
};

// Whether the runs of `summary` are of trials, not of epochs.
[[nodiscard]] bool is_in_trials(const nlohmann::json& summary);
// What `summary` judges rules by.
[[nodiscard]] Subject subject_of(const nlohmann::json& summary);

}  // namespace deltaw
