// SPDX-License-Identifier: Apache-2.0
// Curves rounded to what a chart can show, confusions summed, weights as small integers.
#include "report/page_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/rounded.hpp"
#include "report/headline.hpp"
#include "report/trial_data.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t shown_units = 100;
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

json image_of(const NpyMatrix& weights, std::size_t width, std::size_t height) {
  const std::size_t units = std::min(weights.rows, shown_units);
  double scale = 0;
  for (std::size_t u = 0; u < units; ++u) {
    for (std::size_t i = 0; i < weights.columns; ++i) {
      const double value = std::abs(weights.at(u, i));
      if (std::isfinite(value)) scale = std::max(scale, value);
    }
  }
  json pixels = json::array();
  for (std::size_t u = 0; u < units; ++u) {
    json unit = json::array();
    for (std::size_t i = 0; i < weights.columns; ++i) {
      const double share = scale > 0 ? weights.at(u, i) / scale : 0;
      unit.push_back(std::isfinite(share) ? std::lround(127 * std::clamp(share, -1.0, 1.0)) : 0);
    }
    pixels.push_back(std::move(unit));
  }
  return {{"width", width},
          {"height", height},
          {"units", weights.rows},
          {"scale", rounded(scale)},
          {"pixels", std::move(pixels)}};
}

// Names under which connections from the input may have left their weights.
bool is_from_input(const json& experiment, const std::string& connection) {
  const json layers = experiment.value(json::json_pointer("/network/layers"), json::array());
  std::string input = "input";
  if (!layers.empty() && layers[0].is_object()) input = layers[0].value("name", input);
  if (connection.starts_with(input + ">")) return true;
  for (const json& known :
       experiment.value(json::json_pointer("/network/connections"), json::array())) {
    if (known.value("name", "") == connection && known.value("from", "") == input) return true;
  }
  return false;
}

void add_images(json& images, const ResultFolder& folder, const json& experiment, const json& size,
                const std::string& rule, std::uint64_t seed) {
  const auto width = size.at("width").get<std::size_t>();
  const auto height = size.at("height").get<std::size_t>();
  for (const std::string& connection : folder.connections(rule, seed)) {
    if (!is_from_input(experiment, connection)) continue;
    const NpyMatrix weights = folder.weights(rule, seed, connection);
    if (weights.columns != width * height || weights.rows == 0) continue;
    json image = image_of(weights, width, height);
    image.update({{"rule", rule}, {"seed", seed}, {"connection", connection}});
    images.push_back(std::move(image));
  }
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
    const bool is_in_trials = summary.at("criterion").contains("share");
    json runs = json::array(), confusion = json::array(), images = json::array();
    for (const json& rule : summary.at("rules")) {
      const auto name = rule.at("rule").get<std::string>();
      for (const RunRecord& record : records) {
        if (record.rule == name) runs.push_back(run_of(record, is_in_trials));
      }
      const std::vector<std::uint64_t> seeds = finished(records, name);
      if (json counts = confusion_of(folder, name, seeds); !counts.is_null()) {
        confusion.push_back(std::move(counts));
      }
      if (!seeds.empty() && summary.contains("image")) {
        add_images(images, folder, experiment, summary["image"], name, seeds.front());
      }
    }
    return {{"headline", words.claim},
            {"facts", words.facts},
            {"summary", summary},
            {"experiment", experiment},
            {"provenance", provenance_of(folder)},
            {"runs", std::move(runs)},
            {"confusion", std::move(confusion)},
            {"images", std::move(images)},
            {"trials", is_in_trials ? trial_data(folder, names, records) : json()}};
  } catch (const json::exception& error) {
    throw Error(Code::E603, fmt::format("'{}' is damaged", folder.path().string()),
                {.found = error.what()});
  }
}

}  // namespace deltaw
