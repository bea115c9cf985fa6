// SPDX-License-Identifier: Apache-2.0
// Families by name, and where their frontiers cross a learning accuracy.
#include "comparison/frontier.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "statistics/estimate_median.hpp"
#include "statistics/holm.hpp"
#include "statistics/sign_flip.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Family {
  std::string name;
  std::map<double, std::string> arms;       // by plasticity
  std::map<std::uint64_t, double> matched;  // forgetting by seed
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

json to_json(const Estimate& estimate) {
  return {{"median", estimate.median},
          {"low", estimate.low},
          {"high", estimate.high},
          {"n", estimate.n}};
}

json versus(const Family& family, const Family& reference) {
  std::vector<double> differences;
  for (const auto& [seed, value] : family.matched) {
    const auto other = reference.matched.find(seed);
    if (other != reference.matched.end()) differences.push_back(value - other->second);
  }
  if (differences.empty()) return {};
  json found = to_json(estimate_median(differences));
  found["above"] = std::ranges::count_if(differences, [](double d) { return d > 0; });
  const std::optional<double> p = sign_flip_p(differences);
  found["p"] = found["p_adjusted"] = p ? json(*p) : json();
  return found;
}

void adjust(json& families) {
  std::vector<json*> tested;
  std::vector<double> p_values;
  for (json& family : families) {
    if (!family.contains("versus_reference")) continue;
    json& pair = family["versus_reference"];
    if (pair["p"].is_null()) continue;
    tested.push_back(&pair["p_adjusted"]);
    p_values.push_back(pair["p"].get<double>());
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) *tested[i] = adjusted[i];
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
  json all = json::array();
  for (const Family& family : families) {
    json entry = {{"family", family.name}, {"arms", json::array()}, {"seeds", family.seeds}};
    for (const auto& [plasticity, arm] : family.arms) entry["arms"].push_back(arm);
    if (!family.matched.empty()) {
      std::vector<double> values;
      for (const auto& [seed, value] : family.matched) values.push_back(value);
      entry["forgetting"] = to_json(estimate_median(values));
    }
    if (compared != families.end() && family.name != name) {
      if (json pair = versus(family, *compared); !pair.is_null()) {
        entry["versus_reference"] = std::move(pair);
      }
    }
    all.push_back(std::move(entry));
  }
  adjust(all);
  return {
      {"learning_accuracy", learning_accuracy}, {"reference", name}, {"families", std::move(all)}};
}

}  // namespace deltaw
