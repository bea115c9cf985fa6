// SPDX-License-Identifier: Apache-2.0
// Which finished runs make up which ensembles. Pure: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

// What a folder of results has.
struct Source {
  std::string path;
  std::vector<std::string> arms;
  std::vector<std::uint64_t> seeds;
};

// An arm as it is named on the command line, and a seed where it stands for that run alone.
struct Chosen {
  std::string arm;
  std::optional<std::uint64_t> seed = {};
};

struct EnsembleGroup {
  std::string name;  // [A-Za-z0-9._-]+
  std::vector<Chosen> members;
};

struct Wanted {
  std::vector<std::string> arms = {};      // empty: all
  std::vector<std::uint64_t> seeds = {};   // empty: all that the members' results share
  std::vector<EnsembleGroup> groups = {};  // empty: see select()
};

struct Selection {
  struct Run {
    std::size_t source;
    std::string arm;
    std::uint64_t seed;
    std::string name;  // "ARM@SEED", with "PATH:" before it where several sources have the arm

    bool operator==(const Run&) const = default;
  };
  struct Ensemble {
    std::string group;
    std::optional<std::uint64_t> seed;  // of all its members, where the group names none
    std::vector<std::size_t> members;   // in `runs`
  };
  std::vector<Run> runs;  // each once, by source, then seed
  std::vector<Ensemble> ensembles;
};

// A group whose members name no seed is one ensemble for each seed; one whose members all do is one
// ensemble. Without groups all arms are the group "all"; a single arm's seeds are a group of the
// arm's name. Errors: E002 unknown arms, arms of several sources without "PATH:", no common seed,
// a member twice, fewer than two members, groups of one name, seeds of some members alone, --rules
// beside groups.
[[nodiscard]] Selection select(const std::vector<Source>& sources, const Wanted& wanted);

}  // namespace deltaw
