// SPDX-License-Identifier: Apache-2.0
// The metrics of one run.
#include "comparison/measure.hpp"

#include <algorithm>
#include <cmath>

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

bool is_lower_better(const std::string& metric) {
  return metric.ends_with("_loss") || metric.ends_with("_to_criterion") || metric == "seconds" ||
         metric == "updates";
}

std::map<std::string, std::optional<double>> measure(const std::vector<EpochRow>& curve,
                                                     const Criterion& criterion) {
  std::map<std::string, std::optional<double>> metrics;
  for (const char* name : {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
                           "test_loss", "test_accuracy"}) {
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
  const auto watched = column_named(criterion.metric);
  metrics["epochs_to_criterion"] = epochs_to(curve, watched, criterion);
  metrics["area_under_curve"] = mean_over_epochs(curve, watched);
  return metrics;
}

}  // namespace deltaw
