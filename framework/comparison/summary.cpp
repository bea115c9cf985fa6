// SPDX-License-Identifier: Apache-2.0
// Gathering runs by rule and metric, paired by seed.
#include "comparison/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/alignment_summary.hpp"
#include "comparison/judged.hpp"
#include "comparison/pair.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/kaplan_meier.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double level = 0.95;
constexpr double never = std::numeric_limits<double>::infinity();

bool is_time(const std::string& metric) { return metric.ends_with("_to_criterion"); }

// Until when a finished run was watched for its criterion.
double end_of(const RunRecord& record, const std::string& metric) {
  if (metric == "epochs_to_criterion") {
    return record.curve.empty() ? never : static_cast<double>(record.curve.back().epoch);
  }
  const bool has_contexts = record.metrics.contains("trials_of_context");
  const auto trials = record.metrics.find(has_contexts ? "trials_of_context" : "trials");
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

// Enters one metric of `rule`, if it has values, and returns how they differ from the reference's.
std::optional<Pair> add_values(json& rule, const std::string& metric, const BySeed<double>& values,
                               const BySeed<double>& reference, const std::optional<double>& margin,
                               Bootstrap& bootstrap) {
  if (values.empty()) return std::nullopt;
  rule["metrics"][metric] = to_json(estimate_median(without_seeds(values), bootstrap, level));
  return pair_of(values, reference, is_lower_better(metric), margin_in(metric, margin), bootstrap);
}

std::optional<Pair> add_times(json& rule, const std::string& metric, const BySeed<Time>& by_seed,
                              const BySeed<Time>& reference, Bootstrap& bootstrap) {
  if (by_seed.empty()) return std::nullopt;
  const std::vector<Time> times = without_seeds(by_seed);
  json& found = rule["metrics"][metric] = to_json(estimate_median_time(times, bootstrap, level));
  found["reached"] =
      std::count_if(times.begin(), times.end(), [](const Time& time) { return time.is_reached; });
  found["runs"] = times.size();
  found["curve"] = json::array();
  for (const SurvivalStep& step : kaplan_meier(times, level)) {
    found["curve"].push_back({step.time, step.survival, step.low, step.high});
  }
  return pair_of(by_seed, reference, bootstrap);
}

// One metric of all rules; their pairs with the reference are a family of tests.
void add_metric(json& rules, const std::string& metric, const ComparisonFacts& facts,
                const std::vector<RunRecord>& records, Bootstrap& bootstrap) {
  std::vector<std::optional<Pair>> pairs;
  for (json& rule : rules) {
    const auto name = rule["rule"].get<std::string>();
    const std::string other = name == facts.reference ? "" : facts.reference;
    pairs.push_back(is_time(metric)
                        ? add_times(rule, metric, times_of(records, name, metric),
                                    times_of(records, other, metric), bootstrap)
                        : add_values(rule, metric, values_of(records, name, metric),
                                     values_of(records, other, metric), facts.margin, bootstrap));
  }
  std::vector<Pair*> family;
  for (std::optional<Pair>& pair : pairs) {
    if (pair) family.push_back(&*pair);
  }
  judge(family);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i]) rules[i]["versus_reference"][metric] = to_json(*pairs[i]);
  }
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
          {"locality_measured", facts.is_locality_measured},
          {"supervision", facts.supervision},
          {"timing", facts.timing},
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
  Bootstrap bootstrap;
  for (const RuleFacts& rule : facts.rules) {
    rules.push_back(describe(rule, records));
    json alignment = summarise_alignment(records, rule.rule, bootstrap);
    if (!alignment.empty()) rules.back()["alignment"] = std::move(alignment);
  }
  for (const std::string& metric : metrics) add_metric(rules, metric, facts, records, bootstrap);
  json summary = {{"deltaw", DELTAW_VERSION},
                  {"name", facts.name},
                  {"reference", facts.reference},
                  {"criterion", to_json(facts.criterion, facts.is_in_trials)},
                  {"level", level},
                  {"seeds", seeds},
                  {"rules", std::move(rules)}};
  if (facts.protocol.empty()) {
    summary["tuning"] = {{"how", facts.tuning.how}, {"text", facts.tuning.text}};
  }
  if (!facts.readouts.empty()) summary["readouts"] = facts.readouts;
  if (!facts.protocol.empty()) summary["protocol"] = facts.protocol;
  if (facts.margin) summary["margin"] = *facts.margin;
  std::vector<std::string> names;
  for (const RuleFacts& rule : facts.rules) names.push_back(rule.rule);
  const std::string judged = judged_metric(summary);
  summary["judged"] = judged;
  summary["pairs"] = pairs_of(names, records, judged, margin_in(judged, facts.margin), bootstrap);
  if (facts.width > 0 && facts.height > 0) {
    summary["image"] = {{"width", facts.width}, {"height", facts.height}};
    if (facts.channels != 1) summary["image"]["channels"] = facts.channels;
  }
  return summary;
}

}  // namespace deltaw
