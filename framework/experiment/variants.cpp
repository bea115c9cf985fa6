// SPDX-License-Identifier: Apache-2.0
// Each variant is a small document, changed, checked and read as every experiment is.
#include "experiment/variants.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/json.hpp"
#include "core/sha256.hpp"
#include "experiment/overrides.hpp"
#include "experiment/read_arms.hpp"
#include "experiment/schema.hpp"
#include "experiment/shorthand.hpp"

namespace deltaw {

using nlohmann::json;

Variants::Variants(const json& document, const std::string& arm) : document_(document), arm_(arm) {
  std::erase_if(document_["rules"].get_ref<json::array_t&>(),
                [&](const json& other) { return other.at("name") != arm; });
}

Arm Variants::with(const PlacedValues& values) const {
  static const JsonSchema schema(experiment_schema());
  json changed = document_;
  for (const auto& [path, value] : values) {
    detail::apply_override(changed, experiment_schema(),
                           fmt::format("rules.{}.{}={}", arm_, path, value.dump()));
  }
  const std::string origin = fmt::format("a trial of '{}'", arm_);
  schema.check(changed, origin, {Code::E500, Code::E501, Code::E502, Code::E503});
  detail::expand_shorthand(changed);
  return detail::read_arms(detail::Node(changed, origin)).front();
}

json Variants::at(const std::string& path) const {
  std::string pointer = "/" + path;
  std::ranges::replace(pointer, '.', '/');
  const json::json_pointer place(pointer);
  const json& arm = document_.at("rules").front();
  return arm.contains(place) ? arm.at(place) : json();
}

std::string Variants::prefix(std::size_t drive) const {
  return at("drive").is_null() ? "" : fmt::format("drive.{}.", drive);
}

std::string Variants::fingerprint() const {
  json kept = document_;
  for (const char* key : {"seeds", "jobs", "description", "references", "reference", "criterion",
                          "margin", "analyses", "tune", "tuning"}) {
    kept.erase(key);
  }
  kept["rules"].front().erase("tune");
  return sha256_hex_of_bytes(kept.dump());
}

}  // namespace deltaw
