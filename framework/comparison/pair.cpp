// SPDX-License-Identifier: Apache-2.0
#include "comparison/pair.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "comparison/measure.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/holm.hpp"
#include "statistics/improvement.hpp"
#include "statistics/paired_differences.hpp"
#include "statistics/paired_times.hpp"
#include "statistics/share.hpp"
#include "statistics/sign_flip.hpp"
#include "statistics/tost.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// The values of both over the seeds that both have.
template <class Value>
std::pair<std::vector<Value>, std::vector<Value>> paired(const BySeed<Value>& rule,
                                                         const BySeed<Value>& other) {
  std::pair<std::vector<Value>, std::vector<Value>> pairs;
  for (const auto& [seed, value] : rule) {
    const auto found = other.find(seed);
    if (found == other.end()) continue;
    pairs.first.push_back(value);
    pairs.second.push_back(found->second);
  }
  return pairs;
}

// `gains` has an entry a pair, also for pairs of which the difference is not known.
Pair described(const std::vector<double>& differences, const std::vector<double>& gains,
               Bootstrap& bootstrap) {
  Pair pair;
  pair.difference = estimate_median(differences, bootstrap);
  pair.above =
      static_cast<std::size_t>(std::ranges::count_if(differences, [](double d) { return d > 0; }));
  pair.mean_gain =
      std::accumulate(gains.begin(), gains.end(), 0.0) / static_cast<double>(gains.size());
  pair.ahead = share_ahead(gains);
  return pair;
}

std::vector<double> negated(std::vector<double> values) {
  for (double& value : values) value = -value;
  return values;
}

json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json to_json(const Share& share) {
  return {{"share", share.share}, {"low", share.low}, {"high", share.high}, {"n", share.n}};
}

json to_json(const std::optional<LogRank>& rates) {
  return rates ? json{{"chi_square", rates->chi_square}, {"p", rates->p}} : json();
}

template <class Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

}  // namespace

BySeed<double> values_of(const std::vector<RunRecord>& records, const std::string& rule,
                         const std::string& metric) {
  BySeed<double> values;
  for (const RunRecord& record : records) {
    const auto found = record.metrics.find(metric);
    if (record.rule != rule || record.status != "finished" || found == record.metrics.end()) {
      continue;
    }
    if (found->second && !std::isnan(*found->second)) values[record.seed] = *found->second;
  }
  return values;
}

std::optional<Pair> pair_of(const BySeed<double>& rule, const BySeed<double>& other,
                            bool is_lower_better, const std::optional<double>& margin,
                            Bootstrap& bootstrap) {
  const auto [own, others] = paired(rule, other);
  if (own.empty()) return std::nullopt;
  const std::vector<double> differences = paired_differences(own, others);
  Pair pair =
      described(differences, is_lower_better ? negated(differences) : differences, bootstrap);
  pair.p = sign_flip_p(differences);
  const Tasks first = {without_seeds(rule)}, second = {without_seeds(other)};
  pair.improvement = is_lower_better ? estimate_improvement(second, first, bootstrap)
                                     : estimate_improvement(first, second, bootstrap);
  pair.has_margin = margin.has_value();
  if (margin) pair.equivalent = is_equivalent(differences, *margin, bootstrap);
  return pair;
}

std::optional<Pair> pair_of(const BySeed<Time>& rule, const BySeed<Time>& other,
                            Bootstrap& bootstrap) {
  const auto [own, others] = paired(rule, other);
  const std::vector<double> differences = paired_differences(own, others);
  if (differences.empty()) return std::nullopt;
  std::vector<double> gains = negated(differences);
  gains.resize(own.size(), 0);  // where the order is not known, neither is ahead
  Pair pair = described(differences, gains, bootstrap);
  // Infinite differences have no mean; p is of scores that rank as the pairs do.
  if (!std::isfinite(pair.mean_gain)) pair.mean_gain = pair.ahead.share - 0.5;
  pair.p = paired_times_p(own, others);
  pair.is_of_times = true;
  pair.log_rank = log_rank(without_seeds(rule), without_seeds(other));
  return pair;
}

void judge(const std::vector<Pair*>& family) {
  std::vector<Pair*> tested;
  std::vector<double> p_values;
  for (Pair* pair : family) {
    if (!pair->p) continue;
    tested.push_back(pair);
    p_values.push_back(*pair->p);
  }
  const auto has_seeds = [](const Pair* pair) { return pair->ahead.n > 0; };
  const auto asked = static_cast<std::size_t>(std::ranges::count_if(family, has_seeds));
  const std::size_t needed = pairs_needed(std::max<std::size_t>(tested.size(), 1));
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    if (tested[i]->ahead.n >= needed) tested[i]->p_adjusted = adjusted[i];
  }
  for (Pair* pair : family) {
    // With enough of them each pair would be tested.
    pair->seeds_needed = pair->p ? needed : pairs_needed(std::max<std::size_t>(asked, 1));
    pair->verdict = verdict({.pairs = pair->ahead.n,
                             .pairs_needed = needed,
                             .p = pair->p_adjusted,
                             .mean_gain = pair->mean_gain,
                             .ahead = pair->ahead,
                             .equivalent = pair->equivalent});
  }
}

json to_json(const Estimate& estimate) {
  return {{"median", number(estimate.median)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"n", estimate.n}};
}

json to_json(const Pair& pair) {
  json result = to_json(pair.difference);
  result["above"] = pair.above;
  result["p"] = or_null(pair.p);
  result["p_adjusted"] = or_null(pair.p_adjusted);
  result["ahead"] = to_json(pair.ahead);
  if (pair.improvement) result["improvement"] = to_json(*pair.improvement);
  if (pair.is_of_times) result["log_rank"] = to_json(pair.log_rank);
  if (pair.has_margin) result["equivalent"] = or_null(pair.equivalent);
  result["verdict"] = name(pair.verdict);
  if (pair.verdict == Verdict::too_few_seeds) result["seeds_needed"] = pair.seeds_needed;
  return result;
}

json pairs_of(const std::vector<std::string>& rules, const std::vector<RunRecord>& records,
              const std::string& metric, const std::optional<double>& margin,
              Bootstrap& bootstrap) {
  struct Named {
    std::string rule, other;
    Pair pair;
  };
  std::vector<Named> pairs;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const BySeed<double> own = values_of(records, rules[i], metric);
    for (std::size_t k = i + 1; k < rules.size(); ++k) {
      const std::optional<Pair> found = pair_of(own, values_of(records, rules[k], metric),
                                                is_lower_better(metric), margin, bootstrap);
      if (found) pairs.push_back({rules[i], rules[k], *found});
    }
  }
  std::vector<Pair*> family;
  for (Named& named : pairs) family.push_back(&named.pair);
  judge(family);
  json all = json::array();
  for (const Named& named : pairs) {
    json facts = to_json(named.pair);
    facts["rule"] = named.rule;
    facts["other"] = named.other;
    all.push_back(std::move(facts));
  }
  return all;
}

}  // namespace deltaw
