// SPDX-License-Identifier: Apache-2.0
// Gathering runs by rule and metric, paired by seed.
#include "comparison/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/statistics.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double level = 0.95;
constexpr const char* to_criterion = "epochs_to_criterion";
constexpr double never = std::numeric_limits<double>::infinity();

using BySeed = std::map<std::uint64_t, double>;

// The values of one metric over the finished runs of one rule; without those not measured.
BySeed values_of(const std::vector<RunRecord>& records, const std::string& rule,
                 const std::string& metric) {
  BySeed values;
  for (const RunRecord& record : records) {
    const auto found = record.metrics.find(metric);
    if (record.rule != rule || record.status != "finished" || found == record.metrics.end()) {
      continue;
    }
    if (found->second) values[record.seed] = *found->second;
    if (!found->second && metric == to_criterion) values[record.seed] = never;
  }
  std::erase_if(values, [](const auto& entry) { return std::isnan(entry.second); });
  return values;
}

std::vector<double> without_seeds(const BySeed& values) {
  std::vector<double> list;
  for (const auto& [seed, value] : values) list.push_back(value);
  return list;
}

json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json to_json(const Estimate& estimate) {
  return {{"median", number(estimate.median)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"n", estimate.n}};
}

std::vector<double> differences(const BySeed& rule, const BySeed& reference) {
  std::vector<double> a, b;
  for (const auto& [seed, value] : rule) {
    const auto other = reference.find(seed);
    if (other == reference.end() || (value == never && other->second == never)) continue;
    a.push_back(value);
    b.push_back(other->second);
  }
  return paired_differences(a, b);
}

json versus(const std::vector<double>& values, const std::string& metric,
            const std::optional<double>& margin) {
  json result = to_json(estimate_median(values));
  result["above"] = std::count_if(values.begin(), values.end(), [](double d) { return d > 0; });
  const std::optional<double> p = sign_flip_p(values);
  result["p"] = p ? json(*p) : json();
  if (margin && metric.ends_with("_accuracy")) {
    const std::optional<bool> equivalent = is_equivalent(values, *margin);
    result["equivalent"] = equivalent ? json(*equivalent) : json();
  }
  return result;
}

void adjust_p_values(json& rules, const std::string& metric) {
  std::vector<json*> tested;
  std::vector<double> p_values;
  for (json& rule : rules) {
    json& all = rule["versus_reference"];
    if (!all.contains(metric)) continue;
    json& p = all[metric]["p"];
    all[metric]["p_adjusted"] = p;
    if (p.is_null()) continue;
    tested.push_back(&all[metric]["p_adjusted"]);
    p_values.push_back(p.get<double>());
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) *tested[i] = adjusted[i];
}

json describe(const RuleFacts& facts, const std::vector<RunRecord>& records) {
  const auto with = [&](const char* status) {
    return std::count_if(records.begin(), records.end(), [&](const RunRecord& record) {
      return record.rule == facts.rule && record.status == status;
    });
  };
  return {{"rule", facts.rule},
          {"id", facts.id},
          {"runs", with("finished")},
          {"failed", with("failed")},
          {"interrupted", with("interrupted")},
          {"locality", facts.locality},
          {"supervision", facts.supervision},
          {"signals", facts.signals},
          {"metrics", json::object()},
          {"versus_reference", json::object()}};
}

}  // namespace

json summarise(const ComparisonFacts& facts, const std::vector<RunRecord>& records) {
  std::set<std::uint64_t> seeds;
  std::set<std::string> metrics;
  for (const RunRecord& record : records) {
    seeds.insert(record.seed);
    for (const auto& [name, value] : record.metrics) metrics.insert(name);
  }
  json rules = json::array();
  for (const RuleFacts& rule : facts.rules) rules.push_back(describe(rule, records));
  for (const std::string& metric : metrics) {
    const BySeed reference = values_of(records, facts.reference, metric);
    for (json& rule : rules) {
      const auto name = rule["rule"].get<std::string>();
      const BySeed values = values_of(records, name, metric);
      if (values.empty()) continue;
      json& found = rule["metrics"][metric] = to_json(estimate_median(without_seeds(values)));
      if (metric == to_criterion) {
        found["reached"] = std::count_if(values.begin(), values.end(),
                                         [](const auto& entry) { return entry.second != never; });
        found["runs"] = values.size();
      }
      const std::vector<double> paired = differences(values, reference);
      if (name == facts.reference || paired.empty()) continue;
      rule["versus_reference"][metric] = versus(paired, metric, facts.margin);
    }
    adjust_p_values(rules, metric);
  }
  json criterion = {{"metric", facts.criterion.metric}, {"threshold", facts.criterion.value}};
  json summary = {
      {"deltaw", DELTAW_VERSION},          {"name", facts.name}, {"reference", facts.reference},
      {"criterion", std::move(criterion)}, {"level", level},     {"seeds", seeds},
      {"rules", std::move(rules)}};
  if (facts.margin) summary["margin"] = *facts.margin;
  if (facts.width > 0 && facts.height > 0) {
    summary["image"] = {{"width", facts.width}, {"height", facts.height}};
  }
  return summary;
}

}  // namespace deltaw
