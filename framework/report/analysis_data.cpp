// SPDX-License-Identifier: Apache-2.0
// Matrices and accuracies as bytes, activity of some units.
#include "report/analysis_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "core/rounded.hpp"
#include "report/base64.hpp"
#include "report/weight_histogram.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t k_shown_units = 6, k_side = 256;
constexpr double k_certain = 200;

std::string picture(const NpyMatrix& weights, std::size_t rows, std::size_t columns, double scale) {
  Bytes bytes;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const double share = scale > 0 ? weights.at(r, c) / scale : 0;
      bytes.push_back(signed_byte_of(share));
    }
  }
  return base64(bytes);
}

json matrix_of(const std::string& connection, const NpyMatrix& before, const NpyMatrix& after) {
  const WeightRange range = hull(range_of(before), range_of(after));
  const auto [low, high] = range;
  const std::size_t rows = std::min(before.rows, k_side),
                    columns = std::min(before.columns, k_side);
  const double scale = std::max(-low, high);
  return {{"connection", connection},
          {"rows", rows},
          {"columns", columns},
          {"of", {before.rows, before.columns}},
          {"scale", rounded(scale)},
          {"before", picture(before, rows, columns, scale)},
          {"after", picture(after, rows, columns, scale)},
          {"histogram",
           {{"low", rounded(low)},
            {"high", rounded(high)},
            {"before", counts_of(before, range)},
            {"after", counts_of(after, range)}}}};
}

json matrices_of(const ResultFolder& folder, const json& analysis, const std::string& rule,
                 std::uint64_t seed) {
  json all = json::array();
  for (const json& change : analysis.at("weights")) {
    const auto connection = change.at("connection").get<std::string>();
    const std::optional<NpyMatrix> before = folder.array(rule, seed, "initial/" + connection);
    if (!before || before->rows == 0 || before->columns < 2) continue;
    const NpyMatrix after = folder.weights(rule, seed, connection);
    if (after.rows != before->rows || after.columns != before->columns) continue;
    all.push_back(matrix_of(connection, *before, after));
  }
  return all;
}

void keep_some_units(json& activity) {
  const auto units = activity.at("units").get<std::vector<std::size_t>>();
  std::vector<std::size_t> kept;  // places among the units
  const std::size_t count = std::min(units.size(), k_shown_units);
  for (std::size_t i = 0; i < count; ++i) kept.push_back(i * units.size() / count);
  const auto keep = [&](const json& list) {
    json some = json::array();
    for (const std::size_t place : kept) some.push_back(list.at(place));
    return some;
  };
  activity["units"] = keep(activity["units"]);
  for (const char* when : {"before", "after"}) {
    for (json& of_kind : activity.at(when)) of_kind = keep(of_kind);
  }
}

void pack(json& decoding) {
  for (json& factor : decoding) {
    Bytes bytes;
    for (const json& train : factor.at("accuracy")) {
      for (const json& accuracy : train)
        bytes.push_back(byte_of(k_certain * accuracy.get<double>()));
    }
    factor["accuracy"] = base64(bytes);
  }
}

}  // namespace

json analysis_data(const ResultFolder& folder, const std::string& rule, std::uint64_t seed) {
  json analysis = folder.analysis(rule, seed);
  if (analysis.is_null()) return analysis;
  analysis["rule"] = rule;
  analysis["seed"] = seed;
  analysis["matrices"] = matrices_of(folder, analysis, rule, seed);
  keep_some_units(analysis.at("activity"));
  pack(analysis.at("decoding"));
  return analysis;
}

}  // namespace deltaw
