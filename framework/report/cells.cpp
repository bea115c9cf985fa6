// SPDX-License-Identifier: Apache-2.0
#include "report/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace deltaw {
namespace {

using nlohmann::json;

std::string number(const json& value, const Scale& scale, bool with_sign) {
  if (value.is_null()) return "never";
  const double scaled = value.get<double>() * scale.factor;
  return with_sign ? fmt::format("{:+.{}f}", scaled, scale.decimals)
                   : fmt::format("{:.{}f}", scaled, scale.decimals);
}

std::string number_of_p(double p) { return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p); }

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

Scale scale_of(const std::string& metric) {
  return metric.ends_with("_accuracy") ? k_percent : Scale{1, 4};
}

const json* find(const json& rule, const char* group, const std::string& metric) {
  const auto found = rule.at(group).find(metric);
  return found == rule.at(group).end() ? nullptr : &*found;
}

std::string estimate(const json* metric, const Scale& scale, bool with_sign) {
  if (metric == nullptr) return no_value;
  const std::string middle = number(metric->at("median"), scale, with_sign);
  if (metric->at("n").get<std::size_t>() < 2) return middle;
  return fmt::format("{} [{}, {}]", middle, number(metric->at("low"), scale, with_sign),
                     number(metric->at("high"), scale, with_sign));
}

std::string time_to(const json* metric) {
  if (metric == nullptr) return no_value;
  const auto reached = metric->at("reached").get<std::size_t>();
  const json& middle = metric->at("median");
  const std::string text = middle.is_null() ? (reached == 0 ? "never" : "mostly never")
                                            : fmt::format("{:g}", middle.get<double>());
  return fmt::format("{} ({}/{})", text, reached, metric->at("runs").get<std::size_t>());
}

std::string duration(const json* metric) {
  if (metric == nullptr) return no_value;
  const double seconds = metric->at("median").get<double>();
  if (seconds < 0.1) return fmt::format("{:.3g} ms", 1000 * seconds);
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 600) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} min", seconds / 60);
}

std::string count(const json* metric) {
  if (metric == nullptr) return no_value;
  const double median = metric->at("median").get<double>();  // of two counts it may end in a half
  return fmt::format("{:.{}f}", median, median == std::floor(median) ? 0 : 1);
}

std::string p_value(const json* pair) {
  if (pair == nullptr || pair->at("p_adjusted").is_null()) return no_value;
  return number_of_p(pair->at("p_adjusted"));
}

std::string log_rank_p(const json* pair) {
  const json rates = pair == nullptr ? json() : pair->value("log_rank", json());
  return rates.is_null() ? no_value : number_of_p(rates.at("p"));
}

std::string share(const json* pair, const char* name) {
  if (pair == nullptr || !pair->contains(name)) return no_value;
  const json& found = pair->at(name);
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", found.at("share").get<double>(),
                     found.at("low").get<double>(), found.at("high").get<double>());
}

std::string verdict_of(const json* pair) {
  if (pair == nullptr || !pair->contains("verdict")) return no_value;
  const auto verdict = pair->at("verdict").get<std::string>();
  if (!pair->contains("seeds_needed")) return verdict;
  return fmt::format("{}: at least {}", verdict, pair->at("seeds_needed").get<std::size_t>());
}

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace deltaw
