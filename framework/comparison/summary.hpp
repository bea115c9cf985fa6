// SPDX-License-Identifier: Apache-2.0
// What a comparison found, for machines and tables: summary.json. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
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
  std::string name;                        // of the experiment
  std::string reference;                   // display name of the arm the others are compared with
  std::vector<RuleFacts> rules;            // in the order of tables
  std::vector<std::uint64_t> seeds = {};   // asked for; those of the runs count too
  std::vector<std::string> readouts = {};  // names; tables rank by the first
  Criterion criterion;
  bool is_in_trials = false;          // the task
  std::string protocol = {};          // its type, where the task is one
  std::optional<double> margin = {};  // of equivalence in accuracy, as a fraction
  std::size_t width = 0, height = 0;  // of the input images, in pixels; 0 when inputs are no images
  std::size_t channels = 1;           // of these images: 3 are planes of red, green, blue
};

// summary.json:
//   {deltaw, name, reference, criterion: {metric, threshold}, or of a task in trials {metric:
//    "error", threshold, share, of}, level, seeds,
//    readouts?: [NAME], margin?, protocol?: TYPE, image?: {width, height, channels?}, rules:
//    [{rule, id, runs, failed, interrupted, locality, supervision, signals, metrics: {NAME:
//    {median, low, high, n}}, versus_reference: {NAME: {median, low, high, n, above, p, p_adjusted,
//    equivalent?}}, alignment?: as summarise_alignment()}]}
// Only finished runs enter the metrics, and what is infinite is null. versus_reference holds the
// differences rule minus reference over the seeds that both have ("above": how many are positive).
// p is null when there are too few pairs for a claim; p_adjusted is Holm's over the rules. The
// reference's own versus_reference is empty.
//
// trials_to_criterion and epochs_to_criterion are censored times (survival.hpp), which failed runs
// enter too. A run that finished without meeting the criterion is censored at its last trial
// (metric "trials") or evaluated epoch. One that failed before is known never to meet it, and stays
// at risk for ever, as in a competing risk (Fine & Gray 1999, doi:10.1080/01621459.1999.10474144):
// censored where it failed, a rule that mostly diverges would be judged by the few runs that did
// not. They have also "reached" and "runs" (all that enter), and
// "curve": [[time, survival, low, high], ...], a row for each step of Kaplan and Meier. Their p in
// versus_reference is paired_times_p(), and "log_rank": {chi_square, p} compares the rules without
// pairing, null where it says nothing; differences of unknown order are left out.
[[nodiscard]] nlohmann::json summarise(const ComparisonFacts& facts,
                                       const std::vector<RunRecord>& records);

}  // namespace deltaw
