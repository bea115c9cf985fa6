// SPDX-License-Identifier: Apache-2.0
// Names of metrics, and which way they are better.
#include "tuning/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "comparison/measure.hpp"
#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

// In order of preference.
std::vector<std::string> metrics_of(const Experiment& experiment) {
  if (experiment.task.trials) return {"trials_to_criterion", "area_under_curve"};
  std::vector<std::string> metrics;
  if (experiment.task.protocol) return metrics;
  if (experiment.features) {
    for (const ReadoutSpec& readout : experiment.features->readouts) {
      metrics.push_back(readout.name + "_validation_accuracy");
    }
  }
  const auto has_loss = [](const Arm& arm) { return !arm.training.loss.is_none(); };
  if (std::ranges::all_of(experiment.arms, has_loss)) {
    metrics.insert(metrics.end(), {"validation_accuracy", "validation_loss"});
  }
  return metrics;
}

double oriented(std::optional<double> value, bool is_lower_better) {
  if (!value || !std::isfinite(*value)) return Merit::worst;
  return is_lower_better ? -*value : *value;
}

}  // namespace

Objective objective_of(const Experiment& experiment) {
  const std::vector<std::string> known = metrics_of(experiment);
  if (known.empty()) {
    throw Error(Code::E503, "a tuning has nothing to judge by: no losses, and no readouts",
                {.hint = "\"features\": {\"readouts\": [...]}"});
  }
  const std::string& asked = experiment.tune.metric;
  if (!asked.empty() && std::ranges::count(known, asked) == 0) {
    throw Error(Code::E503, fmt::format("/tune/metric: a tuning cannot judge by '{}'", asked),
                {.expected = fmt::format("one of {}", fmt::join(known, ", ")),
                 .hint = suggest(asked, known)});
  }
  Objective objective{asked.empty() ? known.front() : asked};
  objective.is_lower_better =
      is_lower_better(objective.metric) || objective.metric == "area_under_curve";
  if (objective.metric == "validation_accuracy") objective.tie = "validation_loss";
  if (objective.metric == "trials_to_criterion") objective.tie = "area_under_curve";
  return objective;
}

Merit score_of(const Objective& objective, const RunRecord& record) {
  if (record.status != "finished") return {};
  const auto value_of = [&](const std::string& metric) {
    const auto found = record.metrics.find(metric);
    return found == record.metrics.end() ? std::nullopt : found->second;
  };
  const double tie =
      objective.tie.empty() ? 0 : oriented(value_of(objective.tie), objective.is_lower_tie_better);
  return {oriented(value_of(objective.metric), objective.is_lower_better), tie};
}

}  // namespace deltaw
