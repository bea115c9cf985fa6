// SPDX-License-Identifier: Apache-2.0
#include "report/rounded.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace deltaw {

nlohmann::json rounded(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return {};
  return std::stod(fmt::format("{:.5g}", *value));
}

}  // namespace deltaw
