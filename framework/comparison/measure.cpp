// SPDX-License-Identifier: Apache-2.0
// The metrics of one run.
#include "comparison/measure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace deltaw {
namespace {

std::optional<double> epochs_to(const std::vector<EpochRow>& curve,
                                std::optional<double> EpochRow::*column,
                                const Criterion& criterion) {
  const auto meets = [&](const EpochRow& row) {
    const std::optional<double>& value = row.*column;
    return value && (criterion.at_least ? *value >= criterion.value : *value <= criterion.value);
  };
  const auto first = std::find_if(curve.begin(), curve.end(), meets);
  if (first == curve.end()) return std::nullopt;
  return static_cast<double>(first->epoch);
}

std::optional<double> mean_over_epochs(const std::vector<EpochRow>& curve,
                                       std::optional<double> EpochRow::*column) {
  double area = 0, length = 0;
  const EpochRow* previous = nullptr;
  for (const EpochRow& row : curve) {
    if (!(row.*column)) continue;
    if (previous != nullptr) {
      const double width = static_cast<double>(row.epoch - previous->epoch);
      area += width * (*(row.*column) + *(previous->*column)) / 2;
      length += width;
    }
    previous = &row;
  }
  if (length == 0) return std::nullopt;
  return area / length;
}

}  // namespace

std::optional<double> trials_to(std::span<const float> errors, const Criterion& criterion) {
  // 0.55 of 100 are 55, whatever the product rounds to.
  const double needed = criterion.share * static_cast<double>(criterion.of) - 1e-6;
  std::size_t right = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const auto is_right = [&](std::size_t trial) {
      return static_cast<double>(errors[trial]) < criterion.error;
    };
    if (is_right(i)) ++right;
    if (i >= criterion.of && is_right(i - criterion.of)) --right;
    if (i + 1 >= criterion.of && static_cast<double>(right) >= needed) {
      return static_cast<double>(i + 1);
    }
  }
  return std::nullopt;
}

namespace {

// The last finite value of each measured column; seconds and updates.
std::map<std::string, std::optional<double>> last_values(const std::vector<EpochRow>& curve) {
  std::map<std::string, std::optional<double>> metrics;
  for (const char* name : {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
                           "test_loss", "test_accuracy", "alignment"}) {
    const auto column = column_named(name);
    std::optional<double>& last = metrics[name];
    for (const EpochRow& row : curve) {
      if (row.*column) last = row.*column;
    }
    if (last && !std::isfinite(*last)) last = std::nullopt;
  }
  metrics["seconds"] = metrics["updates"] = std::nullopt;
  if (!curve.empty()) {
    metrics["seconds"] = curve.back().seconds;
    metrics["updates"] = static_cast<double>(curve.back().updates);
  }
  return metrics;
}

}  // namespace

bool is_lower_better(const std::string& metric) {
  static constexpr std::array<std::string_view, 13> k_costs = {
      "seconds",   "updates",          "dead_units", "forgetting", "intransigence", "multiply_adds",
      "additions", "synaptic_updates", "spikes",     "labels",     "rewards",       "state_bytes",
      "energy"};
  return metric.ends_with("_loss") || metric.ends_with("_to_criterion") ||
         std::ranges::find(k_costs, metric) != k_costs.end();
}

std::map<std::string, std::optional<double>> measure(const std::vector<EpochRow>& curve) {
  return last_values(curve);
}

std::map<std::string, std::optional<double>> measure(const std::vector<EpochRow>& curve,
                                                     const Criterion& criterion) {
  auto metrics = last_values(curve);
  const auto watched = column_named(criterion.metric);
  metrics["epochs_to_criterion"] = epochs_to(curve, watched, criterion);
  metrics["area_under_curve"] = mean_over_epochs(curve, watched);
  return metrics;
}

std::map<std::string, std::optional<double>> measure_trials(const RunRecord& record,
                                                            const Criterion& criterion) {
  auto metrics = last_values(record.curve);
  metrics["trials"] = static_cast<double>(record.errors.size());
  metrics["trials_to_criterion"] = trials_to(record.errors, criterion);
  const double sum = std::accumulate(record.errors.begin(), record.errors.end(), 0.0);
  std::optional<double>& mean = metrics["area_under_curve"];
  if (!record.errors.empty()) mean = sum / static_cast<double>(record.errors.size());
  return metrics;
}

}  // namespace deltaw
