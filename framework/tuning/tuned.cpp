// SPDX-License-Identifier: Apache-2.0
// An overlay of values, and what is to be said of where they come from.
#include "tuning/tuned.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "experiment/variants.hpp"
#include "result/file.hpp"

namespace deltaw {

using nlohmann::json;

namespace {
constexpr const char* k_hint = "the file tuned.json that `deltaw tune` wrote";
}  // namespace

Tuned::Tuned(const std::filesystem::path& file)
    : file_(file), document_(json::parse(read_file(file, k_hint), nullptr, false)) {
  const bool is_ours = document_.is_object() && document_.value("deltaw_tuned", 0) == 1 &&
                       document_.contains("rules") && document_["rules"].is_array();
  if (is_ours) return;
  throw Error(Code::E603, fmt::format("'{}' has no tuned values", file.string()),
              {.expected = k_hint});
}

const json* Tuned::rule(const std::string& arm) const {
  for (const json& rule : document_.at("rules")) {
    if (rule.at("rule") == arm && rule.contains("values")) return &rule;
  }
  return nullptr;
}

std::vector<std::string> Tuned::sets(const std::vector<std::string>& arms) const {
  std::vector<std::string> sets;
  for (const std::string& arm : arms) {
    const json* found = rule(arm);
    if (found == nullptr) continue;
    for (const auto& [path, value] : found->at("values").items()) {
      sets.push_back(fmt::format("rules.{}.{}={}", arm, path, value.dump()));
    }
  }
  return sets;
}

void Tuned::check(const json& unchanged, const Experiment& experiment) const {
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    throw Error(Code::E503, fmt::format("'{}' {}", file_.string(), what), {.hint = hint});
  };
  const auto name = document_.at("experiment").get<std::string>();
  if (name != experiment.name) {
    refuse(fmt::format("is of the experiment '{}', not of '{}'", name, experiment.name),
           "the tuned.json of this experiment");
  }
  for (const Arm& arm : experiment.arms) {
    const json* found = rule(arm.name);
    if (!found || found->at("fingerprint") == Variants(unchanged, arm.name).fingerprint()) continue;
    refuse(fmt::format("is of another version of the experiment: arm '{}' differs", arm.name),
           "tune it again, or take the experiment file back to what was tuned");
  }
  for (const auto seed : document_.at("seeds").get<std::vector<std::uint64_t>>()) {
    if (std::ranges::count(experiment.seeds, seed) == 0) continue;
    refuse(fmt::format("was found with seed {}, which cannot judge it too", seed),
           "--seeds without those of the tuning");
  }
}

std::string Tuned::text(const std::vector<std::string>& arms,
                        const std::vector<std::string>& changed) const {
  const json& rungs = document_.at("rungs");
  const auto first = rungs.front().at("epochs").get<std::size_t>();
  const auto last = rungs.back().at("epochs").get<std::size_t>();
  const std::size_t seeds = document_.at("seeds").size();
  std::string text = fmt::format(
      "tuned: {} trials of {} {} each, on validation data (median {} of {} seed{} of their own)",
      rungs.front().at("trials").get<std::size_t>(),
      first == last ? fmt::format("{}", last) : fmt::format("{} to {}", first, last),
      document_.at("unit").get<std::string>(), document_.at("metric").get<std::string>(), seeds,
      seeds == 1 ? "" : "s");
  const auto sets = document_.at("set").get<std::vector<std::string>>();
  if (!sets.empty()) text += fmt::format(", with --set {}", fmt::join(sets, " --set "));
  std::vector<std::string> others;
  for (const std::string& arm : arms) {
    if (rule(arm) == nullptr) others.push_back(arm);
  }
  if (!others.empty()) text += fmt::format("; not tuned: {}", fmt::join(others, ", "));
  std::vector<std::string> lost = sets;
  std::erase_if(lost, [&](const std::string& set) {
    return set.starts_with("tune.") || std::ranges::count(changed, set) > 0;
  });
  if (!lost.empty()) text += fmt::format("; compared without --set {}", fmt::join(lost, " --set "));
  std::vector<std::string> since = changed;
  std::erase_if(since, [&](const std::string& set) { return std::ranges::count(sets, set) > 0; });
  if (!since.empty()) {
    text += fmt::format("; compared with --set {}", fmt::join(since, " --set "));
  }
  return text;
}

}  // namespace deltaw
