// SPDX-License-Identifier: Apache-2.0
// One rule beside another, over the seeds that both have. Any thread, each with a Bootstrap of its
// own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "result/record.hpp"
#include "statistics/estimate.hpp"
#include "statistics/log_rank.hpp"
#include "statistics/resamples.hpp"
#include "statistics/time.hpp"
#include "statistics/verdict.hpp"

namespace deltaw {

template <class Value>
using BySeed = std::map<std::uint64_t, Value>;

// The values of one metric over the finished runs of one rule; without those not measured.
[[nodiscard]] BySeed<double> values_of(const std::vector<RunRecord>& records,
                                       const std::string& rule, const std::string& metric);

template <class Value>
[[nodiscard]] std::vector<Value> without_seeds(const BySeed<Value>& values) {
  std::vector<Value> list;
  for (const auto& [seed, value] : values) list.push_back(value);
  return list;
}

// What is known of a rule beside another; docs/statistics.md says what each number is.
struct Pair {
  Estimate difference = {};               // rule minus other
  std::size_t above = 0;                  // how many differences are positive
  double mean_gain = 0;                   // of differences, positive where the rule does better
  std::optional<double> p = {};           // of sign flips
  Share ahead = {};                       // in how many pairs the rule does better
  std::optional<Share> improvement = {};  // without pairs; not of times
  std::optional<LogRank> log_rank = {};   // likewise, of times
  bool is_of_times = false;
  bool has_margin = false;
  std::optional<bool> equivalent = {};
  // Set by judge(), for a whole family of tests:
  std::optional<double> p_adjusted = {};  // Holm's; empty where the family needs more seeds
  Verdict verdict = Verdict::too_few_seeds;
  std::size_t seeds_needed = least_pairs;
};

// `rule` minus `other`; empty without a seed that both have. `margin` asks for equivalence.
[[nodiscard]] std::optional<Pair> pair_of(const BySeed<double>& rule, const BySeed<double>& other,
                                          bool is_lower_better, const std::optional<double>& margin,
                                          Bootstrap& bootstrap);

// The same of censored times, of which fewer is better; empty also where no pair's order is known.
[[nodiscard]] std::optional<Pair> pair_of(const BySeed<Time>& rule, const BySeed<Time>& other,
                                          Bootstrap& bootstrap);

// Adjusts the p of one family of tests for their number, and gives each pair its verdict.
void judge(const std::vector<Pair*>& family);

// {median, low, high, n}; null where infinite.
[[nodiscard]] nlohmann::json to_json(const Estimate& estimate);

// As summary.hpp says.
[[nodiscard]] nlohmann::json to_json(const Pair& pair);

// All pairs of `rules` on one metric, judged as one family: [{rule, other, ...}].
[[nodiscard]] nlohmann::json pairs_of(const std::vector<std::string>& rules,
                                      const std::vector<RunRecord>& records,
                                      const std::string& metric,
                                      const std::optional<double>& margin, Bootstrap& bootstrap);

}  // namespace deltaw
