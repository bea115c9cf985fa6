// SPDX-License-Identifier: Apache-2.0
#include "resume.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "result/file.hpp"
#include "say.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr const char* k_afresh = "start afresh in another folder with --out, or with --overwrite";

std::string shown(const json& document, const json::json_pointer& place) {
  constexpr std::size_t k_most = 80;
  if (!document.contains(place)) return "nothing";
  std::string text = document[place].dump();
  if (text.size() > k_most) text = text.substr(0, k_most) + "...";
  return text;
}

// Where two documents differ first; of an array that has grown, the array.
json::json_pointer first_place(const json& difference) {
  json::json_pointer place(difference.front()["path"].get<std::string>());
  if (place.back() == "-") place.pop_back();
  return place;
}

// How many runs go at a time changes no bit.
void require_same_experiment(json before, json now) {
  before.erase("jobs");
  now.erase("jobs");
  const json difference = json::diff(before, now);
  if (difference.empty()) return;
  const json::json_pointer place = first_place(difference);
  throw Error(Code::E604,
              fmt::format("the results are of another experiment: '{}' differs", place.to_string()),
              {.expected = shown(before, place), .found = shown(now, place), .hint = k_afresh});
}

json without_names(const json& files) {
  json hashes = json::array();
  for (const json& file : files) hashes.push_back(file.at("sha256"));
  return hashes;
}

// All that decides about bits, beside experiment and seed.
json origin(const json& provenance) {
  json plugins = json::object();
  for (const json& plugin : provenance.at("plugins")) {
    // A library may give several versions of a rule: rules in Python share one.
    plugins[plugin.at("rule").get<std::string>()] = {plugin.at("version"), plugin.at("sha256")};
  }
  return {{"program", provenance.at("program")},
          {"blas", provenance.at("blas")},
          {"cpu", provenance.at("host").at("cpu")},
          {"plugins", std::move(plugins)},
          {"data", without_names(provenance.at("data"))}};
}

void require_same_origin(const json& before, const json& now) {
  const json difference = json::diff(origin(before), origin(now));
  if (difference.empty()) return;
  const json::json_pointer place = first_place(difference);
  throw Error(Code::E604,
              fmt::format("the results were made with another '{}'", place.to_string().substr(1)),
              {.expected = shown(origin(before), place),
               .found = shown(origin(now), place),
               .hint = fmt::format("the deltaw, rules and data of then; or {}", k_afresh)});
}

void say_damage(const Error& error) {
  say(fmt::format("note: {}; expected {}, found {}\n", error.headline(), error.detail().expected,
                  error.detail().found));
}

void withdraw_damaged(const ResultFolder& folder, const std::string& rule, std::uint64_t seed) {
  const std::vector<Damage> damages = folder.damage(rule, seed);
  for (const Damage& damage : damages) {
    say_damage(Error(Code::E603,
                     fmt::format("'{}' of {} seed {} is damaged: that run is done again",
                                 damage.file, rule, seed),
                     {.expected = damage.expected, .found = damage.found}));
  }
  if (!damages.empty()) folder.withdraw(rule, seed);
}

}  // namespace

void require_resumable(const ResultFolder& folder, const json& experiment, Provenance& provenance) {
  require_same_experiment(folder.experiment(), experiment);
  if (!std::filesystem::exists(folder.path() / "provenance.json") && folder.runs().empty()) return;
  const json before = folder.provenance();
  try {
    require_same_origin(before, to_json(provenance));
    for (const json& process : before.at("earlier")) {
      provenance.earlier.push_back({process.at("command"), process.at("started")});
    }
    provenance.earlier.push_back({before.at("command"), before.at("started")});
  } catch (const json::exception& error) {
    throw Error(Code::E603,
                fmt::format("'{}' does not tell what is needed to go on",
                            (folder.path() / "provenance.json").string()),
                {.expected = "what deltaw wrote", .found = error.what(), .hint = k_afresh});
  }
}

bool has_begun(const std::filesystem::path& folder, const json& experiment) {
  std::error_code missing;
  return std::filesystem::exists(folder / "experiment.json", missing) &&
         (std::filesystem::exists(folder / "provenance.json", missing) ||
          json_in(folder / "experiment.json") == experiment);
}

Earlier earlier_in(const ResultFolder& folder, const Experiment& experiment,
                   const std::vector<PreparedArm>& arms) {
  for (const PreparedArm& arm : arms) {
    for (const std::uint64_t seed : experiment.seeds) {
      withdraw_damaged(folder, arm.arm().name, seed);
      static_cast<void>(folder.state(arm.arm().name, seed, say_damage));
    }
  }
  return {.has_ended = [&folder](const std::string& rule,
                                 std::uint64_t seed) { return folder.has_ended(rule, seed); },
          .state = [&folder](const std::string& rule,
                             std::uint64_t seed) { return folder.state(rule, seed); }};
}

}  // namespace deltaw
