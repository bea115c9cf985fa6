// SPDX-License-Identifier: Apache-2.0
// An arm of an experiment with its rules found, opened and their parameters checked: ready to run.
// Immutable once made: runs on any thread share it.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "comparison/summary.hpp"
#include "experiment/experiment.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/parameters.hpp"
#include "result/provenance.hpp"
#include "training/alignment_plan.hpp"
#include "training/drive.hpp"

namespace deltaw {

class PreparedArm {
 public:
  // Errors: E101 unknown rule, those of Library, E201 and E202 parameters.
  PreparedArm(const Arm& arm, Catalogue& catalogue);
  PreparedArm(PreparedArm&&) = default;  // no copies: drives_ point into parameters_
  PreparedArm& operator=(PreparedArm&&) = default;

  // With every parameter of its rules, defaults among them.
  [[nodiscard]] const Arm& arm() const { return arm_; }
  [[nodiscard]] const std::vector<DriveSpec>& drives() const { return drives_; }
  // The rules that watch; empty where none does.
  [[nodiscard]] const std::optional<AlignmentPlan>& alignment() const { return alignment_; }
  // Whether runs may go on distinct threads: whether all its rules declare it.
  [[nodiscard]] bool is_concurrent() const;
  // What tables say of the arm: the widest locality and supervision among its rules, all signals.
  [[nodiscard]] RuleFacts facts() const;
  [[nodiscard]] const std::vector<PluginFact>& plugins() const { return plugins_; }
  [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }

 private:
  [[nodiscard]] DriveSpec prepare(Drive& drive, Catalogue& catalogue);
  [[nodiscard]] DriveSpec prepare(Shadow& shadow, Catalogue& catalogue);

  Arm arm_;
  std::deque<std::vector<ResolvedParameter>> parameters_;  // drives_ point into these
  std::vector<DriveSpec> drives_;
  std::optional<AlignmentPlan> alignment_;
  std::vector<PluginFact> plugins_;
  std::vector<Error> warnings_;
};

}  // namespace deltaw
