// SPDX-License-Identifier: Apache-2.0
// Compares what each arm makes of the shared sections, before defaults: a default that is written
// out changes no result, but it does reach its arm.
#include "experiment/reach.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "experiment/merge.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

json section(const json& owner, const char* key) {
  return owner.is_object() ? owner.value(key, json::object()) : json::object();
}

// Of networks an arm takes layers and connections whole, of the rest key by key.
json network_of(const json& document, const json& arm) {
  json network = section(document, "network");
  if (network.is_object()) network.update(section(arm, "network"));
  return network;
}

json optimizers_of(const json& document, const json& arm) {
  const json whole = merged(section(document, "optimizer"), section(arm, "optimizer"));
  const json drives = section(arm, "drive");
  if (!drives.is_array()) return whole;
  json all = json::array();
  for (const json& drive : drives) all.push_back(merged(whole, section(drive, "optimizer")));
  return all;
}

json shared_by(const json& document, const json& arm) {
  return {network_of(document, arm), optimizers_of(document, arm),
          merged(section(document, "training"), section(arm, "training"))};
}

bool has_same_shared(const json& a, const json& b) {
  for (const char* key : {"network", "optimizer", "training"}) {
    if (section(a, key) != section(b, key)) return false;
  }
  return true;
}

std::string name_of(const json& arm) {
  return arm.is_object() ? arm.value("name", "") : arm.get<std::string>();
}

// The same change for one arm, which has the section itself or in its drives.
std::string for_arm(const json& arm, const std::string& set) {
  const std::string key = set.substr(0, set.find_first_of(".="));
  return fmt::format("--set rules.{}.{}{}", name_of(arm), arm.contains(key) ? "" : "drive.0.", set);
}

}  // namespace

std::string remark_on_reach(const json& before, const json& after, const std::string& set) {
  if (has_same_shared(before, after)) return "";
  const json& arms = after.at("rules");
  std::vector<std::string> reached;
  const json* other = nullptr;
  for (const json& arm : arms) {
    if (shared_by(before, arm) != shared_by(after, arm)) {
      reached.push_back(name_of(arm));
    } else if (other == nullptr) {
      other = &arm;
    }
  }
  if (other == nullptr) return "";
  if (reached.empty()) {
    throw Error(Code::E504,
                fmt::format("--set {} changes nothing: every arm has its own instead", set),
                {.hint = for_arm(*other, set)});
  }
  return fmt::format("--set {} reaches {} of {} arms ({}): the others have their own, as {}", set,
                     reached.size(), arms.size(), fmt::join(reached, ", "), for_arm(*other, set));
}

}  // namespace deltaw::detail
