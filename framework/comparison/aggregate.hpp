// SPDX-License-Identifier: Apache-2.0
// The same rules on several tasks: how good they are over all of them. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// The runs of one comparison.
struct TaskRuns {
  std::string name;  // of its experiment; no two alike
  std::vector<std::string> rules;
  std::vector<RunRecord> records;
};

// Names of rules that all tasks have, in the order of the first.
[[nodiscard]] std::vector<std::string> rules_of_all(const std::vector<TaskRuns>& tasks);

// Over finished runs with a value of `metric`, of which more is better and which has the same scale
// in all tasks, as accuracies have (docs/statistics.md):
//   {metric, reference, tasks: [NAME], rules: [{rule, runs, failed, medians: [of each task, null
//    without a value], interquartile_mean?: {mean, low, high, n}, improvement?: {share, low, high,
//    n}}]}
// `improvement` is over the reference, averaged over tasks; the reference has none. Both are left
// out where a task has no value of the rule (or of the reference). REQUIRES: `rules` of all tasks,
// the reference among them.
[[nodiscard]] nlohmann::json aggregate(const std::vector<TaskRuns>& tasks,
                                       const std::vector<std::string>& rules,
                                       const std::string& reference, const std::string& metric);

}  // namespace deltaw
