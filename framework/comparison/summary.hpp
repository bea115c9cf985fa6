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
  std::string timing = {};            // when W changes: after a "batch", a "trial" or a "step"
  bool is_locality_measured = false;  // by intervention, else as its manifest claims
};

// How the rates and parameters of a comparison were chosen.
struct TuningFact {
  std::string how = "none";  // or "noted" by the experiment, or "tuned" by this program
  std::string text = "not tuned: rates and parameters are the experiment's own";
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
  TuningFact tuning = {};
};

// summary.json:
//   {deltaw, name, reference, criterion: {metric, threshold}, or of a task in trials {metric:
//    "error", threshold, share, of}, level, seeds, tuning?: {how, text},
//    readouts?: [NAME], margin?, protocol?: TYPE, image?: {width, height, channels?}, rules:
//    [{rule, id, runs, failed, interrupted, locality, locality_measured, supervision, timing,
//    signals, metrics: {NAME: {median, low, high, n}}, versus_reference: {NAME: PAIR}, alignment?:
//    as summarise_alignment()}], judged: NAME, pairs: [{rule, other, and those of PAIR}]}
// Only finished runs enter the metrics, and what is infinite is null. A PAIR is {median, low, high,
// n, above, p, p_adjusted, ahead: {share, low, high, n}, improvement: likewise, equivalent?,
// verdict, seeds_needed?}; docs/statistics.md says what each is. versus_reference compares with the
// reference, the reference's own being empty; its tests are one family for each metric. "pairs" are
// all pairs of rules on the metric by which they are judged, and another family. p is null when
// there are too few pairs for a claim, p_adjusted also when these are too few for so many tests.
//
// trials_to_criterion and epochs_to_criterion are censored times (statistics/time.hpp), which
// failed runs enter too. A run that finished without meeting the criterion is censored at its last
// trial (metric "trials") or evaluated epoch. One that failed before is known never to meet it, and
// stays at risk for ever, as in a competing risk (Fine & Gray 1999,
// doi:10.1080/01621459.1999.10474144): censored where it failed, a rule that mostly diverges would
// be judged by the few runs that did not. They have also "reached" and "runs" (all that enter), and
// "curve": [[time, survival, low, high], ...], a row for each step of Kaplan and Meier. Their p in
// versus_reference is paired_times_p(), and "log_rank": {chi_square, p} compares the rules without
// pairing, in the place of "improvement", null where it says nothing; differences of unknown order
// are left out.
[[nodiscard]] nlohmann::json summarise(const ComparisonFacts& facts,
                                       const std::vector<RunRecord>& records);

}  // namespace deltaw
