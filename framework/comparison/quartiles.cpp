// SPDX-License-Identifier: Apache-2.0
#include "comparison/quartiles.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/rounded.hpp"
#include "statistics/median.hpp"

namespace deltaw {

nlohmann::json quartiles(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {};
  constexpr std::pair<const char*, double> parts[] = {
      {"min", 0}, {"q1", 0.25}, {"median", 0.5}, {"q3", 0.75}, {"max", 1}};
  nlohmann::json found;
  for (const auto& [part, p] : parts) found[part] = rounded(quantile(values, p));
  return found;
}

}  // namespace deltaw
