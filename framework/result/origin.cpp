// SPDX-License-Identifier: Apache-2.0
#include "result/origin.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

namespace deltaw {
namespace {

using nlohmann::json;

std::string shown(const json& document, const json::json_pointer& place) {
  constexpr std::size_t k_most = 80;
  if (!document.contains(place)) return "nothing";
  std::string text = document[place].dump();
  if (text.size() > k_most) text = text.substr(0, k_most) + "...";
  return text;
}

std::optional<Discrepancy> first_difference(const json& before, const json& here) {
  const json difference = json::diff(before, here);
  if (difference.empty()) return std::nullopt;
  json::json_pointer place(difference.front()["path"].get<std::string>());
  if (place.back() == "-") place.pop_back();  // of an array that has grown, the array
  return Discrepancy{place.to_string(), shown(before, place), shown(here, place)};
}

json without_names(const json& files) {
  json hashes = json::array();
  for (const json& file : files) hashes.push_back(file.at("sha256"));
  return hashes;
}

json origin(const json& provenance, bool has_machine) {
  json plugins = json::object();
  for (const json& plugin : provenance.at("plugins")) {
    // A library may give several versions of a rule: rules in Python share one.
    plugins[plugin.at("rule").get<std::string>()] = {plugin.at("version"), plugin.at("sha256")};
  }
  json origin = {{"program", provenance.at("program")},
                 {"plugins", std::move(plugins)},
                 {"data", without_names(provenance.at("data"))}};
  if (has_machine) {
    origin["blas"] = provenance.at("blas");
    origin["cpu"] = provenance.at("host").at("cpu");
  }
  return origin;
}

}  // namespace

bool adds_seeds(const json& before, const json& here) {
  if (!before.contains("seeds") || !here.contains("seeds")) return false;
  const auto had = before["seeds"].get<std::set<std::uint64_t>>();
  const auto has = here["seeds"].get<std::set<std::uint64_t>>();
  return had.size() < has.size() && std::ranges::includes(has, had);
}

std::optional<Discrepancy> difference_of_experiments(json before, json here) {
  before.erase("jobs");
  here.erase("jobs");
  return first_difference(before, here);
}

std::optional<Discrepancy> difference_of_origins(const json& before, const json& here,
                                                 bool has_machine) {
  return first_difference(origin(before, has_machine), origin(here, has_machine));
}

}  // namespace deltaw
