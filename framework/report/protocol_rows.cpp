// SPDX-License-Identifier: Apache-2.0
#include "report/protocol_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace deltaw {
namespace {

using nlohmann::json;

const std::vector<ProtocolColumn>& all_columns(const std::string& protocol) {
  static const std::map<std::string, std::vector<ProtocolColumn>> columns = {
      {"pairing",
       {{"A+", "", "a_plus", false},
        {"off the", "rule's, %", "a_plus_error", true},
        {"tau+,", "ms", "tau_plus", false},
        {"off the", "rule's, %", "tau_plus_error", true},
        {"A-", "", "a_minus", false},
        {"off the", "rule's, %", "a_minus_error", true},
        {"tau-,", "ms", "tau_minus", false},
        {"off the", "rule's, %", "tau_minus_error", true},
        {"R² of", "the fit, +", "r_squared_plus", false},
        {"R² of", "the fit, -", "r_squared_minus", false}}},
      {"current-sweep",
       {{"first spikes", "at, mV", "threshold_current", false},
        {"worst interval", "off, steps", "worst_interval", false},
        {"worst rate", "off, %", "worst_rate", true}}},
      {"rectification",
       {{"", "slope", "slope", false},
        {"", "intercept", "intercept", false},
        {"", "R²", "r_squared", false},
        {"right,", "%", "right", true},
        {"all right", "from spikes", "valid_from", false},
        {"", "to spikes", "valid_to", false},
        {"slope", "there", "valid_slope", false},
        {"intercept", "there", "valid_intercept", false},
        {"R²", "there", "valid_r_squared", false}}},
      {"recording",
       {{"spikes", "in", "spikes_in", false},
        {"spikes", "out", "spikes_out", false},
        {"jump,", "mV", "jump", false},
        {"weight,", "mV", "weight", false},
        {"worst", "off, %", "jump_error", true}}}};
  return columns.at(protocol);
}

std::optional<double> number_of(const json& rule, const std::string& metric,
                                const char* what = "median") {
  const auto found = rule.at("metrics").find(metric);
  if (found == rule.at("metrics").end() || found->at(what).is_null()) return std::nullopt;
  return found->at(what).get<double>();
}

std::string text(std::optional<double> value, bool is_share) {
  if (!value) return "-";
  if (!is_share) return fmt::format("{:.4g}", *value);
  const std::string share = fmt::format("{:.2f}", 100 * *value);
  return share == "-0.00" ? "0.00" : share;
}

std::string cell(const json& rule, const ProtocolColumn& column) {
  const std::string middle = text(number_of(rule, column.metric), column.is_share);
  const auto found = rule.at("metrics").find(column.metric);
  if (found == rule.at("metrics").end() || found->at("n").get<std::size_t>() < 2) return middle;
  return fmt::format("{} [{}, {}]", middle,
                     text(number_of(rule, column.metric, "low"), column.is_share),
                     text(number_of(rule, column.metric, "high"), column.is_share));
}

std::string sentence(const json& rule, const std::string& protocol) {
  const auto name = rule.at("rule").get<std::string>();
  if (rule.at("runs") == 0) return fmt::format("{}: no run finished.", name);
  const auto value = [&](const char* metric) { return text(number_of(rule, metric), false); };
  const auto share = [&](const char* metric) { return text(number_of(rule, metric), true); };
  if (protocol == "pairing") {
    return fmt::format("The window of {}: A+ {}, tau+ {} ms, A- {}, tau- {} ms.", name,
                       value("a_plus"), value("tau_plus"), value("a_minus"), value("tau_minus"));
  }
  if (protocol == "current-sweep") {
    const std::string first =
        fmt::format("{} first spikes at {} mV", name, value("threshold_current"));
    if (!number_of(rule, "worst_interval")) return first + ".";
    return first + fmt::format("; no interval is more than {} steps off its closed form.",
                               value("worst_interval"));
  }
  if (protocol == "rectification") {
    return fmt::format(
        "{}: counts are {} times the rectified sum {} {} (R² {}); {} % are right, and all from {} "
        "to {} spikes.",
        name, value("slope"), number_of(rule, "intercept").value_or(0) < 0 ? "-" : "+",
        text(std::abs(number_of(rule, "intercept").value_or(0)), false), value("r_squared"),
        share("right"), value("valid_from"), value("valid_to"));
  }
  return fmt::format("{}: {} spikes in, {} spikes out.", name, value("spikes_in"),
                     value("spikes_out"));
}

}  // namespace

std::vector<ProtocolColumn> protocol_columns(const json& summary) {
  std::vector<ProtocolColumn> columns = all_columns(summary.at("protocol").get<std::string>());
  std::erase_if(columns, [&](const ProtocolColumn& column) {
    return std::ranges::none_of(summary.at("rules"), [&](const json& rule) {
      return number_of(rule, column.metric).has_value();
    });
  });
  return columns;
}

std::vector<std::vector<std::string>> protocol_rows(const json& summary) {
  const std::vector<ProtocolColumn> columns = protocol_columns(summary);
  std::vector<std::vector<std::string>> rows = {{"", "", "", ""},
                                                {"rule", "locality", "supervision", "update"}};
  for (const ProtocolColumn& column : columns) {
    rows[0].push_back(column.above);
    rows[1].push_back(column.below);
  }
  for (const json& rule : summary.at("rules")) {
    rows.push_back(
        {rule.at("rule"), rule.at("locality"), rule.at("supervision"), rule.value("timing", "-")});
    for (const ProtocolColumn& column : columns) rows.back().push_back(cell(rule, column));
  }
  return rows;
}

Headline protocol_headline(const json& summary) {
  Headline words;
  const auto protocol = summary.at("protocol").get<std::string>();
  for (const json& rule : summary.at("rules")) {
    std::string of_rule = sentence(rule, protocol);
    if (rule.at("rule") == summary.at("reference")) {
      words.claim = std::move(of_rule);
    } else {
      words.facts.push_back(std::move(of_rule));
    }
  }
  return words;
}

}  // namespace deltaw
