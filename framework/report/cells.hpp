// SPDX-License-Identifier: Apache-2.0
// What a table for terminals is made of: texts from a summary's numbers, in aligned columns. Any
// thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace deltaw {

using Row = std::vector<std::string>;

inline constexpr const char* no_value = "-";

// How one kind of metric is shown: accuracies in percent, losses as they are.
struct Scale {
  double factor;
  int decimals;
};

inline constexpr Scale k_percent = {100, 1};
[[nodiscard]] Scale scale_of(const std::string& metric);

// What a rule of a summary has under "metrics" or "versus_reference"; null when it has nothing. The
// functions below write no_value then.
[[nodiscard]] const nlohmann::json* find(const nlohmann::json& rule, const char* group,
                                         const std::string& metric);

// "97.2 [96.8, 97.6]", an infinite number being "never".
[[nodiscard]] std::string estimate(const nlohmann::json* metric, const Scale& scale,
                                   bool with_sign = false);
// "12 (9/10)": the median, how many of the runs got there.
[[nodiscard]] std::string time_to(const nlohmann::json* metric);
[[nodiscard]] std::string duration(const nlohmann::json* metric);
[[nodiscard]] std::string count(const nlohmann::json* metric);
// "0.031", adjusted.
[[nodiscard]] std::string p_value(const nlohmann::json* pair);
[[nodiscard]] std::string log_rank_p(const nlohmann::json* pair);
// "0.95 [0.69, 1.00]" of a pair's "ahead" or "improvement".
[[nodiscard]] std::string share(const nlohmann::json* pair, const char* name);
// "better", or "too few seeds: at least 6".
[[nodiscard]] std::string verdict_of(const nlohmann::json* pair);

// Columns as wide as their widest cell; a line for each row.
[[nodiscard]] std::string aligned(const std::vector<Row>& rows);

}  // namespace deltaw
