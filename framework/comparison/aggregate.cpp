// SPDX-License-Identifier: Apache-2.0
#include "comparison/aggregate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/pair.hpp"
#include "statistics/improvement.hpp"
#include "statistics/interquartile_mean.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

Tasks values_by_task(const std::vector<TaskRuns>& tasks, const std::string& rule,
                     const std::string& metric) {
  Tasks values;
  for (const TaskRuns& task : tasks) {
    values.push_back(without_seeds(values_of(task.records, rule, metric)));
  }
  return values;
}

bool is_whole(const Tasks& values) {
  return std::ranges::none_of(values, [](const std::vector<double>& runs) { return runs.empty(); });
}

std::size_t runs_with(const std::vector<TaskRuns>& tasks, const std::string& rule,
                      const std::string& status) {
  std::size_t count = 0;
  for (const TaskRuns& task : tasks) {
    count +=
        static_cast<std::size_t>(std::ranges::count_if(task.records, [&](const RunRecord& run) {
          return run.rule == rule && run.status == status;
        }));
  }
  return count;
}

json medians_of(const Tasks& values) {
  json medians = json::array();
  for (const std::vector<double>& runs : values) {
    medians.push_back(runs.empty() ? json() : json(median(runs)));
  }
  return medians;
}

}  // namespace

std::vector<std::string> rules_of_all(const std::vector<TaskRuns>& tasks) {
  std::vector<std::string> shared;
  for (const std::string& rule : tasks.front().rules) {
    const auto has_it = [&](const TaskRuns& task) {
      return std::ranges::find(task.rules, rule) != task.rules.end();
    };
    if (std::ranges::all_of(tasks, has_it)) shared.push_back(rule);
  }
  return shared;
}

json aggregate(const std::vector<TaskRuns>& tasks, const std::vector<std::string>& rules,
               const std::string& reference, const std::string& metric) {
  Bootstrap bootstrap;
  const Tasks compared = values_by_task(tasks, reference, metric);
  json found = {{"metric", metric},
                {"reference", reference},
                {"tasks", json::array()},
                {"rules", json::array()}};
  for (const TaskRuns& task : tasks) found["tasks"].push_back(task.name);
  for (const std::string& rule : rules) {
    const Tasks values = values_by_task(tasks, rule, metric);
    json entry = {{"rule", rule},
                  {"runs", runs_with(tasks, rule, "finished")},
                  {"failed", runs_with(tasks, rule, "failed")},
                  {"medians", medians_of(values)}};
    if (is_whole(values)) {
      const Mean mean = interquartile_mean(values, bootstrap);
      entry["interquartile_mean"] = {
          {"mean", mean.mean}, {"low", mean.low}, {"high", mean.high}, {"n", mean.n}};
      if (rule != reference && is_whole(compared)) {
        const Share ahead = estimate_improvement(values, compared, bootstrap);
        entry["improvement"] = {
            {"share", ahead.share}, {"low", ahead.low}, {"high", ahead.high}, {"n", ahead.n}};
      }
    }
    found["rules"].push_back(std::move(entry));
  }
  return found;
}

}  // namespace deltaw
