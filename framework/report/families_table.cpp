// SPDX-License-Identifier: Apache-2.0
// Everything in percent or points.
#include "report/families_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

const json* part_of(const json& family, const char* name) {
  const auto found = family.find(name);
  return found == family.end() ? nullptr : &*found;
}

std::string span_of(const json* learns) {
  if (learns == nullptr) return no_value;
  const double low = 100 * learns->at("low").get<double>(),
               high = 100 * learns->at("high").get<double>();
  return low == high ? fmt::format("{:.1f}", low) : fmt::format("{:.1f} to {:.1f}", low, high);
}

// Of a family that was not compared: on which side of the accuracy its arms are.
std::string verdict_in(const json& family, double learning_accuracy) {
  const json* versus = part_of(family, "versus_reference");
  if (versus != nullptr) return verdict_of(versus);
  const json* learns = part_of(family, "learns");
  if (family.contains("forgetting") || learns == nullptr) return no_value;
  if (learns->at("high").get<double>() < learning_accuracy) return "learns less";
  return learns->at("low").get<double>() > learning_accuracy ? "learns more" : no_value;
}

Row row_of(const json& family, const std::string& reference, double learning_accuracy) {
  const json *found = part_of(family, "forgetting"), *versus = part_of(family, "versus_reference");
  const bool is_reference = family.at("family") == reference;
  const json seconds = {{"median", family.value("seconds", json())}};
  return {family.at("family").get<std::string>(),
          family.value("locality", no_value),
          family.value("supervision", no_value),
          family.value("timing", no_value),
          span_of(part_of(family, "learns")),
          estimate(found, k_percent),
          is_reference ? "reference" : estimate(versus, k_percent, true),
          p_value(versus),
          fmt::format("{}/{}", found == nullptr ? 0 : found->at("n").get<std::size_t>(),
                      family.at("seeds").get<std::size_t>()),
          versus == nullptr ? no_value : std::to_string(versus->at("n").get<std::size_t>()),
          verdict_in(family, learning_accuracy),
          duration(family.contains("seconds") ? &seconds : nullptr)};
}

}  // namespace

std::string families_table(const json& summary) {
  try {
    const json& matched = summary.at("matched");
    const auto reference = matched.at("reference").get<std::string>();
    std::vector<Row> rows = {{"family", "locality", "supervision", "update", "learns, %",
                              "forgetting, points", "minus " + reference, "p", "seeds", "pairs",
                              "verdict", "time"}};
    for (const json& family : matched.at("families")) {
      rows.push_back(row_of(family, reference, matched.at("learning_accuracy")));
    }
    return fmt::format(
        "at a learning accuracy of {:g} %, interpolated seed by seed; learns: the least and the "
        "best of its arms; seeds: whose arms enclose it; pairs: and the reference's, too\n\n{}",
        100 * matched.at("learning_accuracy").get<double>(), aligned(rows));
  } catch (const json::exception& error) {
    throw Error(Code::E603, "the summary of results is damaged", {.found = error.what()});
  }
}

}  // namespace deltaw
