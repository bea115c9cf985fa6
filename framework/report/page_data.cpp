// SPDX-License-Identifier: Apache-2.0
// Curves rounded to what a chart can show, confusions summed.
#include "report/page_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "comparison/judged.hpp"
#include "core/error.hpp"
#include "core/rounded.hpp"
#include "report/alignment_data.hpp"
#include "report/features_data.hpp"
#include "report/headline.hpp"
#include "report/measurement_data.hpp"
#include "report/mosaic_data.hpp"
#include "report/pictures_data.hpp"
#include "report/profile_data.hpp"
#include "report/sequence_data.hpp"
#include "report/subject.hpp"
#include "report/trial_data.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t shown_classes = 50;

// Columns that are drawn run by run; trial_data() has the others.
const std::vector<const char*>& columns_of(bool is_in_trials) {
  static const std::vector<const char*> of_epochs = {"train_loss",      "train_accuracy",
                                                     "validation_loss", "validation_accuracy",
                                                     "test_loss",       "test_accuracy"};
  static const std::vector<const char*> of_trials = {"test_loss"};
  return is_in_trials ? of_trials : of_epochs;
}

json curve_of(const std::vector<EpochRow>& rows, bool is_in_trials) {
  json curve = {{"epoch", json::array()}};
  for (const EpochRow& row : rows) curve["epoch"].push_back(row.epoch);
  for (const char* name : columns_of(is_in_trials)) {
    const auto column = column_named(name);
    const bool is_measured = std::any_of(
        rows.begin(), rows.end(), [&](const EpochRow& row) { return (row.*column).has_value(); });
    if (!is_measured) continue;
    for (const EpochRow& row : rows) curve[name].push_back(rounded(row.*column));
  }
  return curve;
}

json run_of(const RunRecord& record, bool is_in_trials) {
  json metrics = json::object();
  for (const auto& [name, value] : record.metrics) metrics[name] = rounded(value);
  return {{"rule", record.rule},           {"seed", record.seed},
          {"status", record.status},       {"error", record.error},
          {"metrics", std::move(metrics)}, {"curve", curve_of(record.curve, is_in_trials)}};
}

// Seeds of the finished runs of one rule.
std::vector<std::uint64_t> finished(const std::vector<RunRecord>& records,
                                    const std::string& rule) {
  std::vector<std::uint64_t> seeds;
  for (const RunRecord& record : records) {
    if (record.rule == rule && record.status == "finished") seeds.push_back(record.seed);
  }
  return seeds;
}

// Summed over seeds; null when no run left one, or when there are too many classes to show.
json confusion_of(const ResultFolder& folder, const std::string& rule,
                  const std::vector<std::uint64_t>& seeds) {
  std::vector<std::vector<double>> counts;
  std::size_t summed = 0;
  for (const std::uint64_t seed : seeds) {
    const std::optional<NpyMatrix> matrix = folder.confusion(rule, seed);
    if (!matrix || matrix->rows != matrix->columns || matrix->rows > shown_classes) continue;
    if (counts.empty()) counts.assign(matrix->rows, std::vector<double>(matrix->rows));
    if (counts.size() != matrix->rows) continue;
    for (std::size_t r = 0; r < matrix->rows; ++r) {
      for (std::size_t c = 0; c < matrix->rows; ++c) counts[r][c] += matrix->at(r, c);
    }
    ++summed;
  }
  if (summed == 0) return {};
  return {{"rule", rule}, {"seeds", summed}, {"counts", counts}};
}

// What was found, and how rates and parameters were chosen.
std::vector<std::string> facts_of(const Headline& words, const json& summary) {
  std::vector<std::string> facts = words.facts;
  if (summary.contains("tuning")) {
    const auto text = summary["tuning"].at("text").get<std::string>();
    facts.push_back(static_cast<char>(std::toupper(text.at(0))) + text.substr(1) + ".");
  }
  return facts;
}

json provenance_of(const ResultFolder& folder) {
  return std::filesystem::exists(folder.path() / "provenance.json") ? folder.provenance() : json();
}

}  // namespace

json page_data(const ResultFolder& folder) {
  try {
    const json summary = folder.summary();
    const json experiment = folder.experiment();
    const std::vector<RunRecord> records = folder.runs();
    const Headline words = headline(summary, records);
    std::vector<std::string> names;
    for (const json& rule : summary.at("rules")) names.push_back(rule.at("rule"));
    const bool is_in_trials = deltaw::is_in_trials(summary);
    json runs = json::array(), confusion = json::array();
    std::vector<std::pair<std::string, std::uint64_t>> first_runs;
    for (const json& rule : summary.at("rules")) {
      const auto name = rule.at("rule").get<std::string>();
      for (const RunRecord& record : records) {
        if (record.rule == name) runs.push_back(run_of(record, is_in_trials));
      }
      const std::vector<std::uint64_t> seeds = finished(records, name);
      if (json counts = confusion_of(folder, name, seeds); !counts.is_null()) {
        confusion.push_back(std::move(counts));
      }
      if (!seeds.empty()) first_runs.emplace_back(name, seeds.front());
    }
    return {{"headline", words.claim},
            {"facts", facts_of(words, summary)},
            {"summary", summary},
            {"experiment", experiment},
            {"provenance", provenance_of(folder)},
            {"runs", std::move(runs)},
            {"confusion", std::move(confusion)},
            {"profiles", profile_data(names, records, judged_metric(summary))},
            {"mosaics", summary.contains("image")
                            ? mosaics_data(folder, experiment, summary["image"], first_runs)
                            : json::array()},
            {"pictures", summary.contains("image")
                             ? pictures_data(folder, experiment, summary["image"], first_runs)
                             : json{{"mistakes", json::array()}, {"maps", json::array()}}},
            {"alignment", alignment_data(summary, experiment, records)},
            {"features", features_data(folder, experiment, names, records)},
            {"measurements", measurement_data(folder, summary, first_runs)},
            {"sequence", sequence_data(folder, names, records)},
            {"trials", is_in_trials ? trial_data(folder, names, records) : json()}};
  } catch (const json::exception& error) {
    throw Error(Code::E603, fmt::format("'{}' is damaged", folder.path().string()),
                {.found = error.what()});
  }
}

}  // namespace deltaw
