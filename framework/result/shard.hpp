// SPDX-License-Identifier: Apache-2.0
// One share of the runs of a comparison, which several processes or machines make side by side.
// Plain values: any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace deltaw {

struct Shard {
  std::size_t index = 1, count = 1;  // index: from 1

  [[nodiscard]] bool is_whole() const { return count == 1; }
  auto operator<=>(const Shard&) const = default;
};

// "2/4", and back; none for other text, or an index that is not 1 to the count.
[[nodiscard]] std::string to_text(const Shard& shard);
[[nodiscard]] std::optional<Shard> shard_in(const std::string& text);

struct RunKey {
  std::string rule;
  std::uint64_t seed = 0;

  auto operator<=>(const RunKey&) const = default;
};

// Every rule with every seed: seed by seed, and within one in the order of the rules.
[[nodiscard]] std::vector<RunKey> all_runs(const std::vector<std::string>& rules,
                                           const std::vector<std::uint64_t>& seeds);
// Those of an experiment.json. Error: E603 when it has none.
[[nodiscard]] std::vector<RunKey> all_runs(const nlohmann::json& experiment);

// The runs of all_runs() are dealt to the shards in turn, shifted by one whenever the same rule
// would come to the same shard again: all shards have as many, but for one, and each rule is
// spread over all of them, as rules differ in what they cost.
[[nodiscard]] std::set<RunKey> share_of(const Shard& shard, const std::vector<std::string>& rules,
                                        const std::vector<std::uint64_t>& seeds);
[[nodiscard]] std::set<RunKey> share_of(const Shard& shard, const nlohmann::json& experiment);

}  // namespace deltaw
