// SPDX-License-Identifier: Apache-2.0
#include "result/shard.hpp"

#include <doctest/doctest.h>

#include <map>
#include <numeric>

using namespace deltaw;

TEST_CASE("a shard is written as it is read, and nothing else is one") {
  CHECK(to_text(*shard_in("2/4")) == "2/4");
  for (const char* text : {"", "2", "2/", "/4", "0/4", "5/4", "-1/4", "1/4x", " 1/4", "1 /4"}) {
    CHECK_FALSE(shard_in(text));
  }
}

TEST_CASE("shards share all runs out evenly, and every rule over all of them") {
  const std::vector<std::string> rules = {"a", "b", "c", "d"};
  std::vector<std::uint64_t> seeds(12);
  std::iota(seeds.begin(), seeds.end(), 1);
  for (const std::size_t count : {1u, 2u, 3u, 4u, 6u, 7u, 48u}) {
    CAPTURE(count);
    std::map<RunKey, int> dealt;
    for (std::size_t i = 1; i <= count; ++i) {
      const auto share = share_of({i, count}, rules, seeds);
      CHECK(share.size() >= 48 / count);
      CHECK(share.size() <= 48 / count + 1);
      std::map<std::string, std::size_t> of_rule;
      for (const RunKey& run : share) {
        ++dealt[run];
        ++of_rule[run.rule];
      }
      if (count <= 4) {
        for (const std::string& rule : rules) CHECK(of_rule[rule] == 12 / count);
      }
    }
    CHECK(dealt.size() == 48);
    for (const auto& [run, times] : dealt) CHECK(times == 1);
  }
}

TEST_CASE("the first runs are dealt in turn, and then shifted") {
  const std::set<RunKey> first = {{"a", 1}, {"b", 2}};
  CHECK(share_of({1, 2}, {"a", "b"}, {1, 2}) == first);
  CHECK(all_runs({"a", "b"}, {3, 1}) ==
        std::vector<RunKey>{{"a", 3}, {"b", 3}, {"a", 1}, {"b", 1}});
}
