// SPDX-License-Identifier: Apache-2.0
#include "report/duel.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace deltaw {
namespace {

using nlohmann::json;

double or_infinite(const json& value, double sign) {
  return value.is_null() ? sign * std::numeric_limits<double>::infinity() : value.get<double>();
}

Share share_of(const json& share, bool is_turned) {
  const Share own{share.at("share"), share.at("low"), share.at("high"), share.at("n")};
  return is_turned ? Share{1 - own.share, 1 - own.high, 1 - own.low, own.n} : own;
}

std::string turned(const std::string& verdict) {
  return verdict == "better" ? "worse" : verdict == "worse" ? "better" : verdict;
}

}  // namespace

std::optional<Duel> duel_of(const json& pairs, const std::string& rule, const std::string& other,
                            bool is_lower_better) {
  for (const json& pair : pairs) {
    const bool is_turned = pair.at("rule") == other && pair.at("other") == rule;
    if (!is_turned && (pair.at("rule") != rule || pair.at("other") != other)) continue;
    Duel duel;
    const double low = or_infinite(pair.at("low"), -1), high = or_infinite(pair.at("high"), 1);
    const double median = or_infinite(pair.at("median"), 1);
    const auto n = pair.at("n").get<std::size_t>();
    duel.gain = is_turned != is_lower_better ? Estimate{-median, -high, -low, n}
                                             : Estimate{median, low, high, n};
    duel.ahead = share_of(pair.at("ahead"), is_turned);
    duel.improvement = share_of(pair.at("improvement"), is_turned);
    if (!pair.at("p_adjusted").is_null()) duel.p = pair.at("p_adjusted").get<double>();
    const auto verdict = pair.at("verdict").get<std::string>();
    duel.verdict = is_turned ? turned(verdict) : verdict;
    duel.seeds_needed = pair.value("seeds_needed", std::size_t{0});
    return duel;
  }
  return std::nullopt;
}

}  // namespace deltaw
