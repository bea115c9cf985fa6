// SPDX-License-Identifier: Apache-2.0
#include "report/aggregate_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t enough_tasks = 3, enough_runs = 10;  // statistics/interquartile_mean.hpp

std::string percent(const json& value) {
  return value.is_null() ? no_value : fmt::format("{:.1f}", 100 * value.get<double>());
}

std::string mean_of(const json& rule) {
  const auto found = rule.find("interquartile_mean");
  if (found == rule.end()) return no_value;
  return fmt::format("{} [{}, {}]", percent(found->at("mean")), percent(found->at("low")),
                     percent(found->at("high")));
}

std::string ahead_of(const json& rule, const std::string& reference) {
  if (rule.at("rule") == reference) return "reference";
  return share(rule.contains("improvement") ? &rule : nullptr, "improvement");
}

std::string notes(const json& found) {
  std::string text;
  bool is_few = found.at("tasks").size() < enough_tasks;
  for (const json& rule : found.at("rules")) {
    const auto failed = rule.at("failed").get<std::size_t>();
    if (failed > 0) {
      text += fmt::format("{}: {} runs failed and do not count\n",
                          rule.at("rule").get<std::string>(), failed);
    }
    is_few = is_few || rule.at("runs").get<std::size_t>() < enough_runs * found.at("tasks").size();
  }
  if (is_few) {
    text += fmt::format("few data for such intervals: better {} tasks of {} runs or more\n",
                        enough_tasks, enough_runs);
  }
  return text.empty() ? text : fmt::format("\n{}", text);
}

}  // namespace

std::string aggregate_table(const json& found) {
  const auto reference = found.at("reference").get<std::string>();
  Row header = {"rule",
                "locality",
                "supervision",
                "update",
                "runs",
                "interquartile mean, %",
                fmt::format("runs ahead of {}", reference)};
  for (const json& task : found.at("tasks")) header.push_back(task.get<std::string>());
  std::vector<Row> rows = {header};
  for (const json& rule : found.at("rules")) {
    Row row = {rule.at("rule").get<std::string>(),
               rule.value("locality", no_value),
               rule.value("supervision", no_value),
               rule.value("timing", no_value),
               fmt::format("{}", rule.at("runs").get<std::size_t>()),
               mean_of(rule),
               ahead_of(rule, reference)};
    for (const json& median : rule.at("medians")) row.push_back(percent(median));
    rows.push_back(std::move(row));
  }
  return fmt::format("{} over {} tasks; under each task's name its median, %\n\n{}{}",
                     found.at("metric").get<std::string>(), found.at("tasks").size(), aligned(rows),
                     notes(found));
}

}  // namespace deltaw
