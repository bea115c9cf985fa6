// SPDX-License-Identifier: Apache-2.0
#include "report/ensemble_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "report/cells.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

double percent(const json& share) { return 100 * share.get<double>(); }

std::string accuracy(const json& test) {
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", percent(test.at("accuracy")),
                     percent(test.at("low")), percent(test.at("high")));
}

std::string points(const json& pair) {
  return fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", percent(pair.at("mean")),
                     percent(pair.at("low")), percent(pair.at("high")));
}

std::string text_of(const json& name) { return name.get<std::string>(); }

std::string members_table(const json& found) {
  std::vector<Row> rows = {{"member", "validation, %", "test, %"}};
  for (const json& member : found.at("members")) {
    const json& validation = member.at("validation");
    rows.push_back({text_of(member.at("member")),
                    validation.is_null() ? no_value : fmt::format("{:.2f}", percent(validation)),
                    accuracy(member.at("test"))});
  }
  return aligned(rows);
}

std::string ensembles_table(const json& found) {
  std::vector<Row> rows = {{"ensemble", "members", "test, %", "beside its best member, points", "p",
                            "", "beside its mean member, points"}};
  for (const json& ensemble : found.at("ensembles")) {
    const json& best = ensemble.at("beside_best");
    const bool has_best = !best.is_null();
    rows.push_back({text_of(ensemble.at("name")), fmt::format("{}", ensemble.at("members").size()),
                    accuracy(ensemble.at("test")), has_best ? points(best) : no_value,
                    p_value(has_best ? &best : nullptr),
                    has_best ? text_of(best.at("member")) : no_value,
                    points(ensemble.at("beside_mean"))});
  }
  return aligned(rows);
}

// "0.40 [0.10, 0.60]", in percent or points.
std::string median_of(const json& estimate, bool with_sign) {
  if (estimate.is_null()) return no_value;
  const auto text = [&](const char* key) {
    return with_sign ? fmt::format("{:+.2f}", percent(estimate.at(key)))
                     : fmt::format("{:.2f}", percent(estimate.at(key)));
  };
  return fmt::format("{} [{}, {}]", text("median"), text("low"), text("high"));
}

std::string seeds_table(const json& over_seeds) {
  std::string text;
  if (!over_seeds.at("ensembles").empty()) {
    std::vector<Row> rows = {{"median over seeds", "seeds", "test, %", "beside best member, points",
                              "beside mean member, points"}};
    for (const json& row : over_seeds.at("ensembles")) {
      rows.push_back(
          {fmt::format("{}-{}", text_of(row.at("group")), text_of(row.at("combination"))),
           fmt::format("{}", row.at("seeds").get<std::size_t>()), median_of(row.at("test"), false),
           median_of(row.at("beside_best"), true), median_of(row.at("beside_mean"), true)});
    }
    text += fmt::format("\n{}", aligned(rows));
  }
  if (!over_seeds.at("pairs").empty()) {
    std::vector<Row> rows = {{"median over seeds", "beside", "seeds", "points"}};
    for (const json& row : over_seeds.at("pairs")) {
      const std::string combination = text_of(row.at("combination"));
      rows.push_back({fmt::format("{}-{}", text_of(row.at("first_group")), combination),
                      fmt::format("{}-{}", text_of(row.at("second_group")), combination),
                      fmt::format("{}", row.at("seeds").get<std::size_t>()),
                      median_of(row.at("mean"), true)});
    }
    text += fmt::format("\n{}", aligned(rows));
  }
  return text;
}

std::string pairs_table(const json& found) {
  if (found.at("pairs").empty()) return "";
  std::vector<Row> rows = {{"ensemble", "beside", "points", "right alone", "p"}};
  for (const json& pair : found.at("pairs")) {
    rows.push_back({text_of(pair.at("first")), text_of(pair.at("second")), points(pair),
                    fmt::format("{} : {}", pair.at("only_first").get<std::size_t>(),
                                pair.at("only_second").get<std::size_t>()),
                    p_value(&pair)});
  }
  return fmt::format("\n{}", aligned(rows));
}

}  // namespace

std::string ensemble_table(const json& found) {
  std::string text =
      fmt::format("{}: {} test and {} validation samples, intervals at 95 %\n\n{}\n{}{}{}",
                  text_of(found.at("name")), found.at("test").get<std::size_t>(),
                  found.at("validation").get<std::size_t>(), members_table(found),
                  ensembles_table(found), pairs_table(found), seeds_table(found.at("over_seeds")));
  text += "p: McNemar's exact test, adjusted after Holm";
  text += found.at("pairs").empty() ? "\n" : " in each table\n";
  for (const json& note : found.at("notes")) text += fmt::format("note: {}\n", text_of(note));
  return text;
}

std::string ensemble_claim(const json& found) {
  const json& ensembles = found.at("ensembles");
  const bool has_best = std::ranges::none_of(
      ensembles, [](const json& ensemble) { return ensemble.at("beside_best").is_null(); });
  std::size_t better = 0, sure = 0;
  for (const json& ensemble : ensembles) {
    const json& pair = ensemble.at(has_best ? "beside_best" : "beside_mean");
    if (!(pair.at("mean").get<double>() > 0)) continue;
    ++better;
    const bool is_sure =
        has_best ? pair.at("p_adjusted").get<double>() < 0.05 : pair.at("low").get<double>() > 0;
    if (is_sure) ++sure;
  }
  return fmt::format(
      "{} of {} {} more of the test data than {}, {} of them beyond chance.", better,
      ensembles.size(), ensembles.size() == 1 ? "ensemble answers" : "ensembles answer",
      has_best ? "the member that is best on validation data" : "their members do in their mean",
      sure);
}

}  // namespace deltaw
