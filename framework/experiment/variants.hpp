// SPDX-License-Identifier: Apache-2.0
// An arm of an experiment with other values in some places, as the trials of a tuning need it.
// Immutable once made: any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "experiment/experiment.hpp"

namespace deltaw {

// Places of an arm ("optimizer.rate", "drive.0.parameters.mu") and what is put there.
using PlacedValues = std::vector<std::pair<std::string, nlohmann::json>>;

class Variants {
 public:
  // `document` as changed_document() makes it, `arm` one of its names.
  Variants(const nlohmann::json& document, const std::string& arm);

  // Errors: as parse_experiment(), E504 for a place that no arm has.
  [[nodiscard]] Arm with(const PlacedValues& values) const;

  // What stands at `path`; null where nothing does.
  [[nodiscard]] nlohmann::json at(const std::string& path) const;

  // What places of a drive begin with: "drive.1.", or nothing where the arm has one rule alone.
  [[nodiscard]] std::string prefix(std::size_t drive) const;

  // SHA-256 of all that the arm's training depends on, as written: task, network, training,
  // optimizer, features and the arm itself.
  [[nodiscard]] std::string fingerprint() const;

 private:
  nlohmann::json document_;  // with this arm alone
  std::string arm_;
};

}  // namespace deltaw
