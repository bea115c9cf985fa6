// SPDX-License-Identifier: Apache-2.0
// Units of the first runs, and counts and courses of all.
#include "report/features_data.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/rounded.hpp"
#include "report/lateral_groups.hpp"
#include "report/weight_histogram.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t k_bins = 50, k_shown_classes = 50;

// What one finished run left.
struct Found {
  std::string rule;
  std::uint64_t seed;
  json features;
};

std::vector<Found> found_of(const ResultFolder& folder, const std::string& rule,
                            const std::vector<RunRecord>& records) {
  std::vector<Found> all;
  for (const RunRecord& record : records) {
    if (record.rule != rule || record.status != "finished") continue;
    json features = folder.features(rule, record.seed);
    if (!features.is_null()) all.push_back({rule, record.seed, std::move(features)});
  }
  return all;
}

json units_of(const Found& run) {
  const json& all = run.features;
  const json& counts = all.at("per_class");
  const bool has_room = !counts.empty() && counts[0].size() <= k_shown_classes;
  return {{"rule", run.rule},
          {"seed", run.seed},
          {"layer", all.at("layer")},
          {"part", all.at("part")},
          {"patterns", all.at("patterns")},
          {"alpha", all.at("alpha")},
          {"labels", all.at("labels")},
          {"per_class", has_room ? counts : json::array()}};
}

json histogram_of(const std::vector<Found>& runs) {
  std::vector<std::size_t> counts(k_bins);
  std::size_t units = 0, dead = 0;
  for (const Found& run : runs) {
    const auto patterns = run.features.at("patterns").get<std::size_t>();
    for (const auto alpha : run.features.at("alpha").get<std::vector<std::size_t>>()) {
      ++units;
      if (alpha == 0) {
        ++dead;
      } else if (patterns > 0) {
        ++counts[std::min(k_bins - 1, alpha * k_bins / patterns)];
      }
    }
  }
  return {{"rule", runs.front().rule},
          {"seeds", runs.size()},
          {"units", units},
          {"dead", dead},
          {"counts", counts}};
}

json number_of(const json& value) {
  return value.is_number() ? rounded(value.get<double>()) : json();
}

json weights_of(const ResultFolder& folder, const Found& run) {
  json all = json::array();
  for (const std::string& connection : folder.connections(run.rule, run.seed)) {
    const NpyMatrix weights = folder.weights(run.rule, run.seed, connection);
    const WeightRange range = range_of(weights);
    all.push_back({{"connection", connection},
                   {"low", rounded(range.low)},
                   {"high", rounded(range.high)},
                   {"counts", counts_of(weights, range)}});
  }
  return all;
}

json course_of(const Found& run) {
  json epochs = json::array(), columns = json::object();
  for (const json& row : run.features.at("course")) epochs.push_back(row.at("epoch"));
  for (const json& row : run.features.at("course")) {
    for (const auto& [name, value] : row.items()) {
      if (value.is_number() && name != "epoch") columns[name] = json::array();
    }
  }
  for (auto& [name, column] : columns.items()) {
    for (const json& row : run.features.at("course")) {
      column.push_back(number_of(row.value(name, json())));
    }
  }
  return {{"rule", run.rule}, {"seed", run.seed}, {"epoch", epochs}, {"columns", columns}};
}

void add_monitored(json& all, const Found& run) {
  json by_name = json::object();
  for (const json& row : run.features.at("course")) {
    const json monitored = row.value("monitored", json::object());
    for (const auto& [name, quartiles] : monitored.items()) {
      json& course = by_name[name];
      course["epoch"].push_back(row.at("epoch"));
      for (const char* part : {"min", "q1", "median", "q3", "max"}) {
        course[part].push_back(number_of(quartiles.at(part)));
      }
    }
  }
  for (auto& [name, course] : by_name.items()) {
    course.update({{"rule", run.rule}, {"seed", run.seed}, {"name", name}});
    all.push_back(std::move(course));
  }
}

}  // namespace

json features_data(const ResultFolder& folder, const json& experiment,
                   const std::vector<std::string>& rules, const std::vector<RunRecord>& records) {
  json runs = json::array(), histograms = json::array(), courses = json::array(),
       monitored = json::array(), recordings = json::array();
  bool has_features = false;
  std::string layer;
  for (const std::string& rule : rules) {
    const std::vector<Found> found = found_of(folder, rule, records);
    if (found.empty()) continue;
    has_features = true;
    layer = found.front().features.at("layer");
    if (found.front().features.contains("alpha")) {
      runs.push_back(units_of(found.front()));
      histograms.push_back(histogram_of(found));
    }
    for (const Found& run : found) courses.push_back(course_of(run));
    if (const json recording = found.front().features.value("recording", json());
        !recording.is_null()) {
      recordings.push_back({{"rule", rule}, {"seed", found.front().seed}});
      recordings.back().update(recording);
      recordings.back()["weights"] = weights_of(folder, found.front());
    }
    add_monitored(monitored, found.front());
  }
  if (!has_features) return {};
  return {{"runs", std::move(runs)},
          {"histograms", std::move(histograms)},
          {"courses", std::move(courses)},
          {"monitored", std::move(monitored)},
          {"recordings", std::move(recordings)},
          {"lateral", lateral_groups(experiment, rules, layer)}};
}

}  // namespace deltaw
