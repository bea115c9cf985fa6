// SPDX-License-Identifier: Apache-2.0
// Gathering runs by rule and metric, paired by seed.
#include "comparison/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/alignment_summary.hpp"
#include "comparison/statistics.hpp"
#include "comparison/survival.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double level = 0.95;
constexpr double never = std::numeric_limits<double>::infinity();

template <class Value>
using BySeed = std::map<std::uint64_t, Value>;

bool is_time(const std::string& metric) { return metric.ends_with("_to_criterion"); }

// The values of one metric over the finished runs of one rule; without those not measured.
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

// Until when a finished run was watched for its criterion.
double end_of(const RunRecord& record, const std::string& metric) {
  if (metric == "epochs_to_criterion") {
    return record.curve.empty() ? never : static_cast<double>(record.curve.back().epoch);
  }
  const auto trials = record.metrics.find("trials");
  return trials == record.metrics.end() ? never : trials->second.value_or(never);
}

BySeed<Time> times_of(const std::vector<RunRecord>& records, const std::string& rule,
                      const std::string& metric) {
  BySeed<Time> times;
  for (const RunRecord& record : records) {
    if (record.rule != rule || record.status == "interrupted") continue;
    const auto found = record.metrics.find(metric);
    const bool is_measured = found != record.metrics.end();
    if (is_measured && found->second) {
      times[record.seed] = {*found->second, true};
    } else if (record.status == "failed") {
      times[record.seed] = {never, false};
    } else if (is_measured) {
      times[record.seed] = {end_of(record, metric), false};
    }
  }
  return times;
}

template <class Value>
std::vector<Value> without_seeds(const BySeed<Value>& values) {
  std::vector<Value> list;
  for (const auto& [seed, value] : values) list.push_back(value);
  return list;
}

// The values of both over the seeds that both have.
template <class Value>
std::pair<std::vector<Value>, std::vector<Value>> paired(const BySeed<Value>& rule,
                                                         const BySeed<Value>& reference) {
  std::pair<std::vector<Value>, std::vector<Value>> pairs;
  for (const auto& [seed, value] : rule) {
    const auto other = reference.find(seed);
    if (other == reference.end()) continue;
    pairs.first.push_back(value);
    pairs.second.push_back(other->second);
  }
  return pairs;
}

json number(double value) { return std::isfinite(value) ? json(value) : json(); }

json to_json(const Estimate& estimate) {
  return {{"median", number(estimate.median)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"n", estimate.n}};
}

json to_json(const std::vector<double>& differences, const std::optional<double>& p) {
  json result = to_json(estimate_median(differences));
  result["above"] =
      std::count_if(differences.begin(), differences.end(), [](double d) { return d > 0; });
  result["p"] = p ? json(*p) : json();
  return result;
}

// Enters one metric of `rule`, if it has values, and how they differ from the reference's.
void add_values(json& rule, const std::string& metric, const BySeed<double>& values,
                const BySeed<double>& reference, const std::optional<double>& margin) {
  if (values.empty()) return;
  rule["metrics"][metric] = to_json(estimate_median(without_seeds(values)));
  const auto [own, others] = paired(values, reference);
  const std::vector<double> differences = paired_differences(own, others);
  if (differences.empty()) return;
  json& versus = rule["versus_reference"][metric] = to_json(differences, sign_flip_p(differences));
  if (margin && metric.ends_with("_accuracy")) {
    const std::optional<bool> equivalent = is_equivalent(differences, *margin);
    versus["equivalent"] = equivalent ? json(*equivalent) : json();
  }
}

void add_times(json& rule, const std::string& metric, const BySeed<Time>& by_seed,
               const BySeed<Time>& reference) {
  if (by_seed.empty()) return;
  const std::vector<Time> times = without_seeds(by_seed);
  json& found = rule["metrics"][metric] = to_json(estimate_median_time(times, level));
  found["reached"] =
      std::count_if(times.begin(), times.end(), [](const Time& time) { return time.is_reached; });
  found["runs"] = times.size();
  found["curve"] = json::array();
  for (const SurvivalStep& step : kaplan_meier(times, level)) {
    found["curve"].push_back({step.time, step.survival, step.low, step.high});
  }
  const auto [own, others] = paired(by_seed, reference);
  const std::vector<double> differences = paired_differences(own, others);
  if (differences.empty()) return;
  json& versus = rule["versus_reference"][metric] =
      to_json(differences, paired_times_p(own, others));
  const std::optional<LogRank> rates = log_rank(times, without_seeds(reference));
  versus["log_rank"] = rates ? json{{"chi_square", rates->chi_square}, {"p", rates->p}} : json();
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

json to_json(const Criterion& criterion, bool is_in_trials) {
  if (!is_in_trials) return {{"metric", criterion.metric}, {"threshold", criterion.value}};
  return {{"metric", "error"},
          {"threshold", criterion.error},
          {"share", criterion.share},
          {"of", criterion.of}};
}

}  // namespace

json summarise(const ComparisonFacts& facts, const std::vector<RunRecord>& records) {
  std::set<std::uint64_t> seeds(facts.seeds.begin(), facts.seeds.end());
  std::set<std::string> metrics;
  for (const RunRecord& record : records) {
    seeds.insert(record.seed);
    for (const auto& [name, value] : record.metrics) metrics.insert(name);
  }
  json rules = json::array();
  for (const RuleFacts& rule : facts.rules) {
    rules.push_back(describe(rule, records));
    json alignment = summarise_alignment(records, rule.rule);
    if (!alignment.empty()) rules.back()["alignment"] = std::move(alignment);
  }
  for (const std::string& metric : metrics) {
    for (json& rule : rules) {
      const auto name = rule["rule"].get<std::string>();
      const std::string other = name == facts.reference ? "" : facts.reference;
      if (is_time(metric)) {
        add_times(rule, metric, times_of(records, name, metric), times_of(records, other, metric));
      } else {
        add_values(rule, metric, values_of(records, name, metric),
                   values_of(records, other, metric), facts.margin);
      }
    }
    adjust_p_values(rules, metric);
  }
  json summary = {{"deltaw", DELTAW_VERSION},
                  {"name", facts.name},
                  {"reference", facts.reference},
                  {"criterion", to_json(facts.criterion, facts.is_in_trials)},
                  {"level", level},
                  {"seeds", seeds},
                  {"rules", std::move(rules)}};
  if (!facts.readouts.empty()) summary["readouts"] = facts.readouts;
  if (!facts.protocol.empty()) summary["protocol"] = facts.protocol;
  if (facts.margin) summary["margin"] = *facts.margin;
  if (facts.width > 0 && facts.height > 0) {
    summary["image"] = {{"width", facts.width}, {"height", facts.height}};
    if (facts.channels != 1) summary["image"]["channels"] = facts.channels;
  }
  return summary;
}

}  // namespace deltaw
