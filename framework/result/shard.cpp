// SPDX-License-Identifier: Apache-2.0
#include "result/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Sides {
  std::vector<std::string> rules;
  std::vector<std::uint64_t> seeds;
};

Sides sides_of(const json& experiment) {
  Sides sides;
  try {
    for (const json& rule : experiment.at("rules")) sides.rules.push_back(rule.at("name"));
    experiment.at("seeds").get_to(sides.seeds);
  } catch (const json::exception& error) {
    throw Error(Code::E603, "experiment.json of the results is damaged", {.found = error.what()});
  }
  return sides;
}

}  // namespace

std::string to_text(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.count); }

std::optional<Shard> shard_in(const std::string& text) {
  Shard shard;
  const char* const all = text.data() + text.size();
  const auto index = std::from_chars(text.data(), all, shard.index);
  if (index.ec != std::errc() || index.ptr == all || *index.ptr != '/') return {};
  const auto count = std::from_chars(index.ptr + 1, all, shard.count);
  if (count.ec != std::errc() || count.ptr != all) return {};
  if (shard.index < 1 || shard.index > shard.count) return {};
  return shard;
}

std::vector<RunKey> all_runs(const std::vector<std::string>& rules,
                             const std::vector<std::uint64_t>& seeds) {
  std::vector<RunKey> runs;
  for (const std::uint64_t seed : seeds) {
    for (const std::string& rule : rules) runs.push_back({rule, seed});
  }
  return runs;
}

std::vector<RunKey> all_runs(const json& experiment) {
  const Sides sides = sides_of(experiment);
  return all_runs(sides.rules, sides.seeds);
}

std::set<RunKey> share_of(const Shard& shard, const std::vector<std::string>& rules,
                          const std::vector<std::uint64_t>& seeds) {
  const std::vector<RunKey> runs = all_runs(rules, seeds);
  const std::size_t round = std::lcm(rules.size(), shard.count);  // then rules would come again
  std::set<RunKey> share;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if ((i + i / round) % shard.count == shard.index - 1) share.insert(runs[i]);
  }
  return share;
}

std::set<RunKey> share_of(const Shard& shard, const json& experiment) {
  const Sides sides = sides_of(experiment);
  return share_of(shard, sides.rules, sides.seeds);
}

}  // namespace deltaw
