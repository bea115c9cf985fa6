// SPDX-License-Identifier: Apache-2.0
// Intervals in double precision; what is tried is rounded first, so that what is recorded is what
// ran.
#include "plugin/search_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/rounded.hpp"
#include "plugin/parameters.hpp"

namespace deltaw {

using nlohmann::json;

ParameterValue parse_scalar(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  return value.get<double>();
}

SearchRange parse_range(const json& range) {
  SearchRange out;
  if (range.is_array()) {
    for (const json& value : range) out.values.push_back(parse_scalar(value));
    return out;
  }
  out.low = range.at("low").get<double>();
  out.high = range.at("high").get<double>();
  out.is_log = range.value("scale", "linear") == "log";
  return out;
}

json ends_of(const json& range) {
  return range.is_array() ? range : json{range.at("low"), range.at("high")};
}

std::string fault_of(const SearchRange& range) {
  if (!range.values.empty()) return "";
  if (!(range.low < range.high)) return "is empty: \"low\" must be below \"high\"";
  if (range.is_log && !(range.low > 0)) return "has a log scale, which needs \"low\" above 0";
  return "";
}

ParameterValue value_at(const SearchRange& range, double u) {
  if (!range.values.empty()) {
    const auto count = static_cast<double>(range.values.size());
    return range.values[static_cast<std::size_t>(std::min(u * count, count - 1))];
  }
  const double value = range.is_log ? range.low * std::pow(range.high / range.low, u)
                                    : range.low + u * (range.high - range.low);
  constexpr int k_digits = 4;
  return std::clamp(rounded(value, k_digits).get<double>(), range.low, range.high);
}

double place_in(const SearchRange& range, double value) {
  if (range.is_log) return std::log(value / range.low) / std::log(range.high / range.low);
  return (value - range.low) / (range.high - range.low);
}

std::string text_of(const SearchRange& range) {
  if (range.values.empty()) {
    return fmt::format("{:g} to {:g}{}", range.low, range.high, range.is_log ? ", log" : "");
  }
  std::vector<std::string> words;
  for (const ParameterValue& value : range.values) {
    const auto* text = std::get_if<std::string>(&value);
    words.push_back(text ? *text : to_json(value).dump());
  }
  return fmt::format("one of {}", fmt::join(words, ", "));
}

json to_json(const SearchRange& range) {
  if (range.values.empty()) {
    return {{"low", range.low}, {"high", range.high}, {"scale", range.is_log ? "log" : "linear"}};
  }
  json values = json::array();
  for (const ParameterValue& value : range.values) values.push_back(to_json(value));
  return values;
}

}  // namespace deltaw
