// SPDX-License-Identifier: Apache-2.0
#include "core/rounded.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace deltaw {

nlohmann::json rounded(std::optional<double> value, int digits) {
  if (!value || !std::isfinite(*value)) return {};
  return std::stod(fmt::format("{:.{}g}", *value, digits));
}

}  // namespace deltaw
