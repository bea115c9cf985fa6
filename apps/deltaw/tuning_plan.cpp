// SPDX-License-Identifier: Apache-2.0
#include "tuning_plan.hpp"

#include <fmt/format.h>

#include <array>

namespace deltaw {
namespace {

// Each sets a key of "tune" in the experiment.
constexpr std::array<const char*, 4> k_budget = {"trials", "epochs", "search", "halving"};

}  // namespace

Changes tuning_changes(const po::variables_map& values) {
  Changes changes = changes_of(values, "tune.seeds");
  for (const char* key : k_budget) {
    if (values.count(key) == 0) continue;
    changes.sets.push_back(fmt::format("tune.{}={}", key, values[key].as<std::string>()));
  }
  return changes;
}

TuningPlan tuning_plan(const po::variables_map& values, const Changes& changes,
                       const Prepared& prepared) {
  const std::filesystem::path source = experiment_file(values, "tune");
  const Changes silent{.sets = changes.sets, .rules = changes.rules};
  TuningPlan plan =
      plan_tuning(prepared.experiment, load_changed_document(source, silent),
                  load_changed_document(source, {.rules = changes.rules}), prepared.arms);
  if (values.count("set") > 0) plan.sets = values["set"].as<std::vector<std::string>>();
  return plan;
}

}  // namespace deltaw
