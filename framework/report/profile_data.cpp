// SPDX-License-Identifier: Apache-2.0
#include "report/profile_data.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/measure.hpp"
#include "comparison/pair.hpp"
#include "core/rounded.hpp"
#include "statistics/profile.hpp"

namespace deltaw {

using nlohmann::json;

json profile_data(const std::vector<std::string>& rules, const std::vector<RunRecord>& records,
                  const std::string& metric) {
  const bool is_lower = is_lower_better(metric);
  const double sign = is_lower ? -1 : 1;
  json profiles = json::array();
  for (const std::string& rule : rules) {
    std::vector<double> values = without_seeds(values_of(records, rule, metric));
    if (values.empty()) continue;
    for (double& value : values) value *= sign;
    json steps = json::array();
    for (const ProfileStep& step : performance_profile(values)) {
      steps.push_back({rounded(sign * step.score), rounded(step.share), rounded(step.low),
                       rounded(step.high)});
    }
    if (is_lower) std::reverse(steps.begin(), steps.end());
    profiles.push_back({{"rule", rule}, {"steps", std::move(steps)}});
  }
  return {{"metric", metric}, {"is_lower_better", is_lower}, {"of", std::move(profiles)}};
}

}  // namespace deltaw
