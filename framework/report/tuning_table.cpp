// SPDX-License-Identifier: Apache-2.0
// Numbers as they were tried.
#include "report/tuning_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugin/search_range.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string reached(const json& rule, const std::string& metric) {
  if (!rule.contains("trial")) return "none";
  const json& value = rule.at("value");
  if (value.is_null()) return "never";
  return metric.ends_with("_accuracy") ? fmt::format("{:.2f} %", 100 * value.get<double>())
                                       : fmt::format("{:.4g}", value.get<double>());
}

}  // namespace

std::vector<std::string> tuning_warnings(const json& found) {
  std::vector<std::string> warnings;
  for (const json& rule : found.at("rules")) {
    const auto name = rule.at("rule").get<std::string>();
    if (!rule.contains("values")) {
      warnings.push_back(fmt::format("{}: every trial of the last rung diverged", name));
      continue;
    }
    for (const auto& [path, end] : rule.at("at_edge").items()) {
      warnings.push_back(fmt::format(
          "{}: the best {}, {}, lies at the {} end of its range, {}: beyond may be better", name,
          path, text_of(rule.at("values").at(path)), end.get<std::string>(),
          text_of(parse_range(rule.at("searched").at(path)))));
    }
  }
  return warnings;
}

std::string tuning_table(const json& found) {
  const auto metric = found.at("metric").get<std::string>();
  std::string rungs;
  for (const json& rung : found.at("rungs")) {
    rungs += fmt::format("{}{} of {} {}", rungs.empty() ? "" : ", ",
                         rung.at("trials").get<std::size_t>(), rung.at("epochs").get<std::size_t>(),
                         found.at("unit").get<std::string>());
  }
  std::string text =
      fmt::format("{}: trials of each rule: {}; median {} of seed{} {}\n\n",
                  found.at("experiment").get<std::string>(), rungs, metric,
                  found.at("seeds").size() == 1 ? "" : "s",
                  fmt::join(found.at("seeds").get<std::vector<std::uint64_t>>(), ", "));
  std::size_t widest = 4;
  for (const json& rule : found.at("rules")) {
    widest = std::max(widest, rule.at("rule").get<std::string>().size());
  }
  text += fmt::format("{:<{}}  {:>9}  {:>5}  {:>8}  values\n", "rule", widest, "best", "trial",
                      "diverged");
  for (const json& rule : found.at("rules")) {
    std::string values;
    const json found_values = rule.value("values", json::object());
    for (const auto& [path, value] : found_values.items()) {
      values += fmt::format("{}{} {}", values.empty() ? "" : ", ", path, text_of(value));
    }
    const std::string trial =
        rule.contains("trial") ? fmt::format("{}", rule["trial"].get<std::size_t>() + 1) : "-";
    text += fmt::format("{:<{}}  {:>9}  {:>5}  {:>8}  {}\n", rule.at("rule").get<std::string>(),
                        widest, reached(rule, metric), trial,
                        fmt::format("{}/{}", rule.at("failed").get<std::size_t>(),
                                    rule.at("runs").get<std::size_t>()),
                        values);
  }
  for (const std::string& warning : tuning_warnings(found)) text += "\n" + warning;
  return text;
}

}  // namespace deltaw
