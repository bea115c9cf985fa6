// SPDX-License-Identifier: Apache-2.0
#include "report/arm.hpp"

#include <nlohmann/json.hpp>

namespace deltaw {

using nlohmann::json;

json arm_of(const json& experiment, const std::string& rule) {
  for (const json& arm : experiment.value("rules", json::array())) {
    if (arm.is_object() && arm.value("name", "") == rule) return arm;
  }
  return json::object();
}

json network_of(const json& experiment, const std::string& rule) {
  return arm_of(experiment, rule).value("network", experiment.value("network", json::object()));
}

}  // namespace deltaw
