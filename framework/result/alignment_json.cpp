// SPDX-License-Identifier: Apache-2.0
// One list of measures for both directions.
#include "result/alignment_json.hpp"

#include <nlohmann/json.hpp>

namespace deltaw {

using nlohmann::json;

const std::vector<AlignmentMeasure>& alignment_measures() {
  static const std::vector<AlignmentMeasure> all = {
      {"cosine", &AlignmentRow::cosine},
      {"mean_cosine", &AlignmentRow::mean_cosine},
      {"limit_cosine", &AlignmentRow::limit_cosine},
      {"sum_cosine", &AlignmentRow::sum_cosine},
      {"norm_ratio", &AlignmentRow::norm_ratio},
      {"sign_agreement", &AlignmentRow::sign_agreement},
      {"signal_to_noise", &AlignmentRow::signal_to_noise}};
  return all;
}

json alignment_json(const std::vector<AlignmentRow>& rows) {
  json all = json::array();
  for (const AlignmentRow& row : rows) {
    json entry = {{"epoch", row.epoch},
                  {"rule", row.rule},
                  {"connection", row.connection},
                  {"updates", row.updates},
                  {"draws", row.draws}};
    for (const auto& [name, value] : alignment_measures()) {
      entry[name] = row.*value ? json(*(row.*value)) : json();
    }
    all.push_back(std::move(entry));
  }
  return all;
}

std::vector<AlignmentRow> parse_alignment(const json& document) {
  std::vector<AlignmentRow> rows;
  for (const json& entry : document) {
    AlignmentRow& row = rows.emplace_back();
    entry.at("epoch").get_to(row.epoch);
    entry.at("rule").get_to(row.rule);
    entry.at("connection").get_to(row.connection);
    entry.at("updates").get_to(row.updates);
    entry.at("draws").get_to(row.draws);
    for (const auto& [name, value] : alignment_measures()) {
      if (!entry.at(name).is_null()) row.*value = entry.at(name).get<double>();
    }
  }
  return rows;
}

}  // namespace deltaw
