// SPDX-License-Identifier: Apache-2.0
// What a tuning is going to do: for each arm the places that are searched and the values that its
// trials have there; the same budget, points and judge for all. Immutable once made: any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "comparison/prepared_arm.hpp"
#include "experiment/experiment.hpp"
#include "experiment/variants.hpp"
#include "tuning/bracket.hpp"
#include "tuning/objective.hpp"

namespace deltaw {

struct SearchedPlace {
  std::string path;  // within the arm: "optimizer.rate", "drive.0.parameters.mu"
  SearchRange range;
};

struct TunedArm {
  std::string name;
  std::string fingerprint;  // Variants::fingerprint() of the experiment without --set
  Variants variants;
  std::vector<SearchedPlace> places;
  std::vector<PlacedValues> trials;
};

struct TuningPlan {
  Experiment experiment;  // as trials run it: with a validation part
  std::vector<TunedArm> arms;
  std::vector<Rung> rungs;
  Objective objective;
  std::vector<std::string> sets = {};  // --set that changed the experiment

  // Everything that decides what is found: two plans that are equal here find the same bits.
  [[nodiscard]] nlohmann::json to_json() const;
  // The arm of a trial at a rung, with the epochs of that rung.
  [[nodiscard]] Arm arm_at(const TunedArm& arm, std::size_t trial, std::size_t rung) const;
  // Of the whole tuning: runs, and epochs (or trials) of training.
  [[nodiscard]] std::size_t runs() const;
  [[nodiscard]] std::size_t epochs() const;
};

// `document` is what the experiment was read from (changed_document()), `unchanged` the same without
// --set, `arms` are its arms. The places of an arm: the learning rate of each of its drives, from a
// hundredth to a hundredfold; the parameters for which the rule's manifest has a range, where the
// experiment does not fix them; changed by "ranges" of the experiment, then by the arm's own. A
// place of the optimizer that is named without a drive is one place for each drive.
// Errors: E503 for a range that the arm cannot have, and when nothing is searched; those of
// rungs_of() and objective_of().
[[nodiscard]] TuningPlan plan_tuning(const Experiment& experiment, const nlohmann::json& document,
                                     const nlohmann::json& unchanged,
                                     const std::vector<PreparedArm>& arms);

}  // namespace deltaw
