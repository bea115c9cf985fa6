// SPDX-License-Identifier: Apache-2.0
// A mean over the snapshots of each run, then the median over runs.
#include "comparison/alignment_summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <utility>

#include "comparison/pair.hpp"
#include "result/alignment_json.hpp"
#include "statistics/estimate_median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// What one rule did in one connection, by measure: the values of a run's snapshots, or runs' means.
using Values = std::map<std::string, std::vector<double>>;

struct Watched {
  std::string rule, connection;
  std::size_t draws = 0, snapshots = 0;
  Values of_runs;
};

Watched& find(std::vector<Watched>& all, const AlignmentRow& row) {
  const auto found = std::ranges::find_if(all, [&](const Watched& watched) {
    return watched.rule == row.rule && watched.connection == row.connection;
  });
  if (found != all.end()) return *found;
  return all.emplace_back(Watched{row.rule, row.connection, row.draws, 0, {}});
}

// "cosine" is shown as "angle", "mean_cosine" as "mean_angle".
std::pair<std::string, double> shown(const std::string& measure, double value) {
  constexpr std::string_view k_cosine = "cosine";
  if (!measure.ends_with(k_cosine)) return {measure, value};
  return {measure.substr(0, measure.size() - k_cosine.size()) + "angle", degrees_of(value)};
}

void add_run(std::vector<Watched>& all, const RunRecord& record) {
  std::map<std::pair<std::string, std::string>, Values> of_snapshots;
  for (const AlignmentRow& row : record.alignment) {
    ++find(all, row).snapshots;
    Values& values = of_snapshots[{row.rule, row.connection}];
    for (const auto& [name, value] : alignment_measures()) {
      if (!(row.*value) || !std::isfinite(*(row.*value))) continue;
      const auto [measure, number] = shown(name, *(row.*value));
      values[measure].push_back(number);
    }
  }
  for (Watched& watched : all) {
    for (const auto& [measure, values] : of_snapshots[{watched.rule, watched.connection}]) {
      double sum = 0;
      for (const double value : values) sum += value;
      watched.of_runs[measure].push_back(sum / static_cast<double>(values.size()));
    }
  }
}

}  // namespace

double degrees_of(double cosine) {
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

json summarise_alignment(const std::vector<RunRecord>& records, const std::string& arm,
                         Bootstrap& bootstrap) {
  std::vector<Watched> all;
  for (const RunRecord& record : records) {
    if (record.rule == arm && record.status == "finished") add_run(all, record);
  }
  json summary = json::array();
  for (const Watched& watched : all) {
    json measures = json::object();
    for (const auto& [measure, values] : watched.of_runs) {
      measures[measure] = to_json(estimate_median(values, bootstrap));
    }
    summary.push_back({{"rule", watched.rule},
                       {"connection", watched.connection},
                       {"draws", watched.draws},
                       {"snapshots", watched.snapshots},
                       {"measures", std::move(measures)}});
  }
  return summary;
}

}  // namespace deltaw
