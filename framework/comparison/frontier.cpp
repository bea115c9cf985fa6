// SPDX-License-Identifier: Apache-2.0
// Families by name, and where their frontiers cross a learning accuracy.
#include "comparison/frontier.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "comparison/pair.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Family {
  std::string name;
  std::map<double, std::string> arms;  // by plasticity
  BySeed<double> matched;              // forgetting
  std::size_t seeds = 0;
};

std::vector<Family> families_of(const std::vector<std::string>& arms) {
  std::vector<Family> families;
  for (const std::string& arm : arms) {
    const FamilyMember member = family_of(arm);
    auto place = std::ranges::find(families, member.family, &Family::name);
    if (place == families.end()) {
      families.emplace_back().name = member.family;
      place = std::prev(families.end());
    }
    if (place->arms.emplace(member.plasticity, arm).second) continue;
    families.emplace_back().name = arm;  // as plastic as another of its family
    families.back().arms.emplace(member.plasticity, arm);
  }
  return families;
}

std::optional<double> metric_of(const RunRecord& record, const char* name) {
  const auto found = record.metrics.find(name);
  return found == record.metrics.end() ? std::nullopt : found->second;
}

void match(Family& family, double learning_accuracy, const std::vector<RunRecord>& records) {
  std::map<std::uint64_t, std::map<double, FrontierPoint>> points;
  for (const auto& [plasticity, arm] : family.arms) {
    for (const RunRecord& record : records) {
      if (record.rule != arm || record.status != "finished") continue;
      const auto learnt = metric_of(record, "learning_accuracy");
      const auto forgotten = metric_of(record, "forgetting");
      if (learnt && forgotten) points[record.seed][plasticity] = {*learnt, *forgotten};
    }
  }
  family.seeds = points.size();
  for (const auto& [seed, by_plasticity] : points) {
    std::vector<FrontierPoint> rising;
    for (const auto& [plasticity, point] : by_plasticity) rising.push_back(point);
    if (const auto found = forgetting_at(learning_accuracy, rising)) family.matched[seed] = *found;
  }
}

// Of each family beside the reference, judged as one family of tests; empty where no seed has both.
std::vector<std::optional<Pair>> beside(const Family& reference,
                                        const std::vector<Family>& families) {
  Bootstrap bootstrap;
  std::vector<std::optional<Pair>> pairs;
  pairs.reserve(families.size());
  std::vector<Pair*> tests;
  for (const Family& family : families) {
    pairs.push_back(family.name == reference.name
                        ? std::nullopt
                        : pair_of(family.matched, reference.matched, true, {}, bootstrap));
  }
  for (std::optional<Pair>& pair : pairs) {
    if (pair) tests.push_back(&*pair);
  }
  judge(tests);
  return pairs;
}

std::vector<double> medians_of(const std::vector<const json*>& arms, const char* metric) {
  std::vector<double> medians;
  for (const json* arm : arms) {
    const json& metrics = arm->at("metrics");
    if (!metrics.contains(metric)) continue;
    const json& value = metrics[metric].at("median");
    if (value.is_number()) medians.push_back(value.get<double>());
  }
  return medians;
}

}  // namespace

FamilyMember family_of(const std::string& arm) {
  const std::size_t dash = arm.rfind('-');
  if (dash == std::string::npos || dash == 0) return {arm};
  FamilyMember member{arm.substr(0, dash)};
  const char* end = arm.data() + arm.size();
  const auto [stopped, error] = std::from_chars(arm.data() + dash + 1, end, member.plasticity);
  return error == std::errc() && stopped == end ? member : FamilyMember{arm};
}

std::optional<double> forgetting_at(double learning_accuracy,
                                    const std::vector<FrontierPoint>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].learning_accuracy == learning_accuracy) return points[i].forgetting;
    if (i + 1 == points.size()) break;
    const FrontierPoint &a = points[i], &b = points[i + 1];
    const double width = b.learning_accuracy - a.learning_accuracy;
    const double share = (learning_accuracy - a.learning_accuracy) / width;
    if (share > 0 && share < 1) return a.forgetting + share * (b.forgetting - a.forgetting);
  }
  return std::nullopt;
}

json matched_forgetting(double learning_accuracy, const std::string& reference,
                        const std::vector<std::string>& arms,
                        const std::vector<RunRecord>& records) {
  std::vector<Family> families = families_of(arms);
  for (Family& family : families) match(family, learning_accuracy, records);
  const std::string name = family_of(reference).family;
  const auto compared = std::ranges::find(families, name, &Family::name);
  std::vector<std::optional<Pair>> pairs(families.size());
  if (compared != families.end()) pairs = beside(*compared, families);
  json all = json::array();
  for (std::size_t i = 0; i < families.size(); ++i) {
    const Family& family = families[i];
    json entry = {{"family", family.name}, {"arms", json::array()}, {"seeds", family.seeds}};
    for (const auto& [plasticity, arm] : family.arms) entry["arms"].push_back(arm);
    if (!family.matched.empty()) {
      entry["forgetting"] = to_json(estimate_median(without_seeds(family.matched)));
    }
    if (pairs[i]) entry["versus_reference"] = to_json(*pairs[i]);
    all.push_back(std::move(entry));
  }
  return {
      {"learning_accuracy", learning_accuracy}, {"reference", name}, {"families", std::move(all)}};
}

void describe_families(json& matched, const json& rules) {
  std::map<std::string, const json*> by_name;
  for (const json& rule : rules) by_name[rule.at("rule")] = &rule;
  for (json& family : matched.at("families")) {
    std::vector<const json*> arms;
    for (const json& arm : family.at("arms")) arms.push_back(by_name.at(arm));
    for (const char* fact : {"locality", "supervision", "timing"}) {
      const json value = arms.front()->value(fact, json());
      const auto has_it = [&](const json* arm) { return arm->value(fact, json()) == value; };
      if (!value.is_null() && std::ranges::all_of(arms, has_it)) family[fact] = value;
    }
    if (const auto learnt = medians_of(arms, "learning_accuracy"); !learnt.empty()) {
      const auto [low, high] = std::ranges::minmax(learnt);
      family["learns"] = {{"low", low}, {"high", high}};
    }
    if (const auto times = medians_of(arms, "seconds"); !times.empty()) {
      family["seconds"] = median(times);
    }
  }
}

}  // namespace deltaw
