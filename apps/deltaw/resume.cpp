// SPDX-License-Identifier: Apache-2.0
#include "resume.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/origin.hpp"
#include "say.hpp"
#include "statistics/estimate.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr const char* k_afresh = "start afresh in another folder with --out, or with --overwrite";

void require_same_experiment(json before, const json& here) {
  if (adds_seeds(before, here)) before["seeds"] = here["seeds"];
  const auto difference = difference_of_experiments(before, here);
  if (!difference) return;
  throw Error(Code::E604,
              fmt::format("the results are of another experiment: '{}' differs", difference->place),
              {.expected = difference->before,
               .found = difference->here,
               .hint = difference->place.starts_with("/seeds")
                           ? fmt::format("all seeds that are there, {}, and others; or {}",
                                         before.at("seeds").dump(), k_afresh)
                           : k_afresh});
}

void require_same_origin(const json& before, const json& here) {
  const auto difference = difference_of_origins(before, here, true);
  if (!difference) return;
  throw Error(Code::E604,
              fmt::format("the results were made with another '{}'", difference->place.substr(1)),
              {.expected = difference->before,
               .found = difference->here,
               .hint = fmt::format("the deltaw, rules and data of then; or {}", k_afresh)});
}

// A folder of a shard that is gone on with without --shard goes on as that shard.
void require_same_shard(const json& before, Provenance& provenance) {
  const auto shard = shard_in(before.value("shard", "1/1"));
  if (provenance.shard.is_whole() && shard) provenance.shard = *shard;
  if (shard == provenance.shard) return;
  throw Error(Code::E604, "the results are of another shard",
              {.expected = before.value("shard", "1/1"),
               .found = to_text(provenance.shard),
               .hint = k_afresh});
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
  const json held = folder.experiment();
  require_same_experiment(held, experiment);
  if (!std::filesystem::exists(folder.path() / "provenance.json") && folder.runs().empty()) return;
  const json before = folder.provenance();
  try {
    require_same_shard(before, provenance);
    require_same_origin(before, to_json(provenance));
    for (const json& process : before.at("earlier")) {
      provenance.earlier.push_back(
          {process.at("command"), process.at("started"), process.value("seeds", std::size_t{0})});
    }
    provenance.earlier.push_back(
        {before.at("command"), before.at("started"), held.at("seeds").size()});
  } catch (const json::exception& error) {
    throw Error(Code::E603,
                fmt::format("'{}' does not tell what is needed to go on",
                            (folder.path() / "provenance.json").string()),
                {.expected = "what deltaw wrote", .found = error.what(), .hint = k_afresh});
  }
  if (adds_seeds(held, experiment) && held["seeds"].size() >= least_pairs) {
    say(fmt::format(
        "note: the results have {} seeds and get {}; whoever adds seeds until p is small "
        "gets a p that is too small: decide on their number before you look\n",
        held["seeds"].size(), experiment["seeds"].size()));
  }
}

bool has_begun(const std::filesystem::path& folder, const json& experiment) {
  std::error_code missing;
  return std::filesystem::exists(folder / "experiment.json", missing) &&
         (std::filesystem::exists(folder / "provenance.json", missing) ||
          json_in(folder / "experiment.json") == experiment);
}

Earlier earlier_in(const ResultFolder& folder, std::set<RunKey> runs) {
  for (const auto& [rule, seed] : runs) {
    withdraw_damaged(folder, rule, seed);
    // A process may have been killed when its run had ended and they were about to go.
    if (folder.has_ended(rule, seed)) folder.remove_states(rule, seed);
    static_cast<void>(folder.state(rule, seed, say_damage));
  }
  return {.has_ended =
              [&folder, runs = std::move(runs)](const std::string& rule, std::uint64_t seed) {
                return !runs.contains({rule, seed}) || folder.has_ended(rule, seed);
              },
          .state = [&folder](const std::string& rule,
                             std::uint64_t seed) { return folder.state(rule, seed); }};
}

}  // namespace deltaw
