// SPDX-License-Identifier: Apache-2.0
// Plasticity against forgetting: a learner that learns nothing forgets nothing, so forgetting is
// compared where learners learn alike. Pure functions: any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// An arm as a point of a frontier: arms whose names differ in nothing but a number after the last
// '-' are one family, in the order of that number. Other arms are families of their
// own, and so is a second one of the same number.
struct FamilyMember {
  std::string family;
  double plasticity = 0;
};
[[nodiscard]] FamilyMember family_of(const std::string& arm);

struct FrontierPoint {
  double learning_accuracy, forgetting;
};

// Forgetting at that learning accuracy, linear between the first two neighbours that enclose it;
// empty where none do. `points` by rising plasticity.
[[nodiscard]] std::optional<double> forgetting_at(double learning_accuracy,
                                                  const std::vector<FrontierPoint>& points);

// {learning_accuracy, reference, families: [{family, arms: [NAME], seeds: how many had finished
//  runs, forgetting?: {median, low, high, n}, versus_reference?: PAIR}]}, families in the order of
// their first arm, PAIR as in summary.hpp, judged as one family. Forgetting is interpolated seed by
// seed, so n counts the seeds whose frontier holds that accuracy; differences to the family of the
// arm `reference` are over the seeds that both have, p as in summarise().
[[nodiscard]] nlohmann::json matched_forgetting(double learning_accuracy,
                                                const std::string& reference,
                                                const std::vector<std::string>& arms,
                                                const std::vector<RunRecord>& records);

// Adds to each family of `matched` what its arms need and reach, from `rules` of summary.json:
// locality, supervision and timing where all its arms have the same, and
// learns {low, high}, the span of their median learning accuracies, and seconds, the median of
// theirs, where measured.
void describe_families(nlohmann::json& matched, const nlohmann::json& rules);

}  // namespace deltaw
