// SPDX-License-Identifier: Apache-2.0
// Matrices averaged, courses as quartiles, runs as points.
#include "report/sequence_data.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "comparison/frontier.hpp"
#include "core/rounded.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Found {
  const RunRecord* record;
  NpyMatrix matrix, course;
};

std::vector<Found> found_of(const ResultFolder& folder, const std::string& rule,
                            const std::vector<RunRecord>& records) {
  std::vector<Found> all;
  for (const RunRecord& record : records) {
    if (record.rule != rule || record.status != "finished") continue;
    auto matrix = folder.array(rule, record.seed, "accuracy_matrix");
    auto course = folder.array(rule, record.seed, "context_accuracy");
    if (matrix && course && course->rows == record.curve.size()) {
      all.push_back({&record, std::move(*matrix), std::move(*course)});
    }
  }
  return all;
}

json mean_matrix(const std::vector<Found>& runs) {
  const NpyMatrix& first = runs.front().matrix;
  json rows = json::array();
  for (std::size_t r = 0; r < first.rows; ++r) {
    json row = json::array();
    for (std::size_t c = 0; c < first.columns; ++c) {
      double sum = 0;
      for (const Found& run : runs) sum += run.matrix.at(r, c);
      row.push_back(rounded(sum / static_cast<double>(runs.size())));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

json courses_of(const std::vector<Found>& runs) {
  json courses = json::array();
  for (std::size_t context = 0; context < runs.front().course.columns; ++context) {
    json course = json::array();
    for (std::size_t r = 0; r < runs.front().course.rows; ++r) {
      std::vector<double> values;
      for (const Found& run : runs) values.push_back(run.course.at(r, context));
      course.push_back({{"low", rounded(quantile(values, 0.25))},
                        {"median", rounded(median(values))},
                        {"high", rounded(quantile(values, 0.75))}});
    }
    courses.push_back(std::move(course));
  }
  return courses;
}

bool are_alike(const Found& a, const Found& b) {
  if (a.matrix.rows != b.matrix.rows || a.course.rows != b.course.rows) return false;
  for (std::size_t r = 0; r < a.course.rows; ++r) {
    if (a.record->curve[r].epoch != b.record->curve[r].epoch) return false;
  }
  return true;
}

void add_points(json& frontier, const std::vector<Found>& runs) {
  for (const Found& run : runs) {
    const FamilyMember member = family_of(run.record->rule);
    const auto value = [&](const char* name) {
      const auto found = run.record->metrics.find(name);
      return found == run.record->metrics.end() ? json() : json(rounded(found->second));
    };
    frontier.push_back({{"rule", run.record->rule},
                        {"family", member.family},
                        {"plasticity", member.plasticity},
                        {"seed", run.record->seed},
                        {"learning_accuracy", value("learning_accuracy")},
                        {"forgetting", value("forgetting")}});
  }
}

}  // namespace

json sequence_data(const ResultFolder& folder, const std::vector<std::string>& rules,
                   const std::vector<RunRecord>& records) {
  json shown = json::array(), frontier = json::array();
  std::size_t contexts = 0;
  for (const std::string& rule : rules) {
    std::vector<Found> runs = found_of(folder, rule, records);
    if (runs.empty()) continue;
    add_points(frontier, runs);
    const Found first = runs.front();
    std::erase_if(runs, [&](const Found& run) { return !are_alike(run, first); });
    contexts = first.matrix.columns;
    json epochs = json::array();
    for (const EpochRow& row : first.record->curve) epochs.push_back(row.epoch);
    shown.push_back({{"rule", rule},
                     {"seeds", runs.size()},
                     {"matrix", mean_matrix(runs)},
                     {"epoch", std::move(epochs)},
                     {"courses", courses_of(runs)}});
  }
  if (shown.empty()) return {};
  return {{"contexts", contexts}, {"rules", std::move(shown)}, {"frontier", std::move(frontier)}};
}

}  // namespace deltaw
