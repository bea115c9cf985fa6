// SPDX-License-Identifier: Apache-2.0
// From the learning curve of one run to the numbers by which rules are compared. Any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "result/criterion.hpp"
#include "result/record.hpp"

namespace deltaw {

// Whether less of that metric is better: of losses, times to criterion, seconds, updates, dead
// units, forgetting and intransigence.
[[nodiscard]] bool is_lower_better(const std::string& metric);

// The last value of each measured column, empty where it is not finite; "seconds" and "updates" at
// the end; "epochs_to_criterion", the first evaluated epoch that meets it, empty when none does;
// and "area_under_curve", the criterion's metric averaged over epochs (trapezoids). Empty values
// stand for what the curve does not hold.
[[nodiscard]] std::map<std::string, std::optional<double>> measure(
    const std::vector<EpochRow>& curve, const Criterion& criterion);

// The same of a network without a loss, for which no criterion is met or missed.
[[nodiscard]] std::map<std::string, std::optional<double>> measure(
    const std::vector<EpochRow>& curve);

// After how many trials enough of the latest ones are right, by their errors; empty: never.
[[nodiscard]] std::optional<double> trials_to(std::span<const float> errors,
                                              const Criterion& criterion);

// Of a task in trials: the last value of each measured column, "seconds", "updates", "trials"
// (done), "area_under_curve" (the mean error over all trials), and "trials_to_criterion", the
// number of trials after which the criterion is first met, empty when it never is.
[[nodiscard]] std::map<std::string, std::optional<double>> measure_trials(
    const RunRecord& record, const Criterion& criterion);

}  // namespace deltaw
