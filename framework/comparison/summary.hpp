// SPDX-License-Identifier: Apache-2.0
// What a comparison found, for machines and tables: summary.json. Any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "comparison/measure.hpp"
#include "result/record.hpp"

namespace deltaw {

// What is known of an arm before it runs.
struct RuleFacts {
  std::string rule;         // display name of the arm
  std::string id;           // of the plugin
  std::string locality;     // "synapse" ... "network"
  std::string supervision;  // "none", "reward", "target" or "error"
  std::vector<std::string> signals;
};

struct ComparisonFacts {
  std::string name;              // of the experiment
  std::string reference;         // display name of the arm the others are compared with
  std::vector<RuleFacts> rules;  // in the order of tables
  Criterion criterion;
  std::optional<double> margin = {};  // of equivalence in accuracy, as a fraction
  std::size_t width = 0, height = 0;  // of the input images, in pixels; 0 when inputs are no images
};

// summary.json:
//   {deltaw, name, reference, criterion: {metric, threshold}, level, seeds,
//    margin?, image?: {width, height}, rules: [{rule, id, runs, failed, interrupted, locality,
//    supervision, signals, metrics: {NAME: {median, low, high, n}}, versus_reference: {NAME:
//    {median, low, high, n, above, p, p_adjusted, equivalent?}}}]}
// Only finished runs enter the metrics. epochs_to_criterion has also "reached" and "runs": a run
// that never met the criterion counts as infinite, and what is infinite is null. versus_reference
// holds the differences rule minus reference over the seeds that both finished ("above": how many
// are positive); seeds where neither met the criterion tell nothing and are left out. p is null
// when there are too few pairs for a claim; p_adjusted is Holm's over the rules. The reference's
// own versus_reference is empty.
[[nodiscard]] nlohmann::json summarise(const ComparisonFacts& facts,
                                       const std::vector<RunRecord>& records);

}  // namespace deltaw
