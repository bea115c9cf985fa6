// SPDX-License-Identifier: Apache-2.0
// tuned.json, which a comparison takes. Immutable once read: any thread.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiment/experiment.hpp"

namespace deltaw {

class Tuned {
 public:
  // Error: E603 when `file` is missing or not what findings() makes.
  explicit Tuned(const std::filesystem::path& file);

  // What it found for these arms, as --set takes it.
  [[nodiscard]] std::vector<std::string> sets(const std::vector<std::string>& arms) const;

  // `unchanged` is the document of `experiment` before any --set. Error: E503 when it is not the
  // experiment that was tuned, or when the comparison has a seed of the tuning.
  void check(const nlohmann::json& unchanged, const Experiment& experiment) const;

  // "tuned: 27 trials of 7 to 60 epochs each, on validation data (...)", which of `arms` were not,
  // and what the comparison `changed` that the tuning did not, or the other way round: --set.
  [[nodiscard]] std::string text(const std::vector<std::string>& arms,
                                 const std::vector<std::string>& changed) const;

 private:
  // Of an arm; null where it has none.
  [[nodiscard]] const nlohmann::json* rule(const std::string& arm) const;

  std::filesystem::path file_;
  nlohmann::json document_;
};

}  // namespace deltaw
