// SPDX-License-Identifier: Apache-2.0
#include "ensemble/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

using Run = Selection::Run;

class Selector {
 public:
  Selector(const std::vector<Source>& sources, const Wanted& wanted)
      : sources_(sources), wanted_(wanted) {
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (const std::string& arm : sources[s].arms) arms_.push_back({s, arm, name_of(s, arm)});
    }
  }

  Selection select() {
    for (const EnsembleGroup& group : groups()) add(group);
    std::vector<Run> sorted = runs_;
    std::ranges::stable_sort(sorted, {},
                             [](const Run& run) { return std::pair(run.source, run.seed); });
    for (Selection::Ensemble& ensemble : ensembles_) {
      for (std::size_t& member : ensemble.members) {
        const auto place = std::ranges::find(sorted, runs_[member]);
        member = static_cast<std::size_t>(place - sorted.begin());
      }
    }
    return {std::move(sorted), std::move(ensembles_)};
  }

 private:
  struct KnownArm {
    std::size_t source;
    std::string arm, name;
  };

  [[nodiscard]] std::string name_of(std::size_t source, const std::string& arm) const {
    const auto has_it = [&](const Source& other) {
      return std::ranges::count(other.arms, arm) > 0;
    };
    return std::ranges::count_if(sources_, has_it) == 1
               ? arm
               : fmt::format("{}:{}", sources_[source].path, arm);
  }

  [[nodiscard]] const KnownArm& known(const std::string& name) const {
    const auto found = std::ranges::find(arms_, name, &KnownArm::name);
    if (found != arms_.end()) return *found;
    std::vector<std::string> names;
    for (const KnownArm& arm : arms_) names.push_back(arm.name);
    throw Error(Code::E002, fmt::format("no arm '{}' in the results", name),
                {.hint = suggest(name, names)});
  }

  [[nodiscard]] std::vector<EnsembleGroup> groups() const {
    if (!wanted_.groups.empty()) {
      if (wanted_.arms.empty()) return wanted_.groups;
      throw Error(Code::E002, "--rules chooses the members where no --group does",
                  {.hint = "one of them"});
    }
    std::vector<std::string> arms = wanted_.arms;
    if (arms.empty()) {
      for (const KnownArm& arm : arms_) arms.push_back(arm.name);
    }
    EnsembleGroup all{arms.size() == 1 ? known(arms.front()).arm : "all", {}};
    for (const std::string& arm : arms) all.members.push_back({arm});
    if (arms.size() > 1) return {all};
    const std::vector<std::uint64_t> seeds = seeds_of(all);
    all.members.clear();
    for (const std::uint64_t seed : seeds) all.members.push_back({arms.front(), seed});
    return {all};
  }

  // Those asked for, or all that the sources of the members have.
  [[nodiscard]] std::vector<std::uint64_t> seeds_of(const EnsembleGroup& group) const {
    if (!wanted_.seeds.empty()) return wanted_.seeds;
    std::vector<std::uint64_t> seeds = sources_[known(group.members.front().arm).source].seeds;
    for (const Chosen& member : group.members) {
      const auto& others = sources_[known(member.arm).source].seeds;
      std::erase_if(seeds,
                    [&](std::uint64_t seed) { return std::ranges::count(others, seed) == 0; });
    }
    if (!seeds.empty()) return seeds;
    throw Error(Code::E002,
                fmt::format("the members of group '{}' have no seed in common", group.name),
                {.hint = "ARM@SEED names single runs"});
  }

  void add(const EnsembleGroup& group) {
    const auto is_of_group = [&](const auto& ensemble) { return ensemble.group == group.name; };
    if (std::ranges::any_of(ensembles_, is_of_group)) {
      throw Error(Code::E002, fmt::format("two groups are named '{}'", group.name));
    }
    for (const Chosen& member : group.members) static_cast<void>(known(member.arm));
    if (group.members.size() < 2) {
      throw Error(
          Code::E002, fmt::format("group '{}' has one member alone", group.name),
          {.expected = "at least two", .hint = "more arms, or several seeds of one: ARM@1-3"});
    }
    const auto has_seed = [](const Chosen& member) { return member.seed.has_value(); };
    const auto with_seed = std::ranges::count_if(group.members, has_seed);
    if (with_seed == 0) {
      for (const std::uint64_t seed : seeds_of(group)) add(group, seed);
    } else if (with_seed == std::ssize(group.members)) {
      add(group, std::nullopt);
    } else {
      throw Error(Code::E002, fmt::format("some members of group '{}' have a seed", group.name),
                  {.expected = "ARM@SEED for each, or for none"});
    }
  }

  void add(const EnsembleGroup& group, std::optional<std::uint64_t> seed) {
    Selection::Ensemble ensemble{group.name, seed, {}};
    for (const Chosen& member : group.members) {
      const KnownArm& arm = known(member.arm);
      const std::uint64_t own = member.seed ? *member.seed : *seed;
      const std::size_t place =
          place_of({arm.source, arm.arm, own, fmt::format("{}@{}", arm.name, own)});
      if (std::ranges::count(ensemble.members, place) > 0) {
        throw Error(Code::E002,
                    fmt::format("group '{}' has {} twice", group.name, runs_[place].name));
      }
      ensemble.members.push_back(place);
    }
    ensembles_.push_back(std::move(ensemble));
  }

  std::size_t place_of(Run run) {
    const auto found = std::ranges::find(runs_, run);
    const auto place = static_cast<std::size_t>(found - runs_.begin());
    if (found == runs_.end()) runs_.push_back(std::move(run));
    return place;
  }

  const std::vector<Source>& sources_;
  const Wanted& wanted_;
  std::vector<KnownArm> arms_;
  std::vector<Run> runs_;
  std::vector<Selection::Ensemble> ensembles_;
};

}  // namespace

Selection select(const std::vector<Source>& sources, const Wanted& wanted) {
  return Selector(sources, wanted).select();
}

}  // namespace deltaw
