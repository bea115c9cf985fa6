// SPDX-License-Identifier: Apache-2.0
#include "comparison/pair.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "statistics/time.hpp"

using namespace deltaw;
using doctest::Approx;
using nlohmann::json;

namespace {

// Seed k of n has first + k / 1000.
BySeed<double> rising(double first, std::size_t n) {
  BySeed<double> values;
  for (std::size_t k = 1; k <= n; ++k) values[k] = first + static_cast<double>(k) / 1000;
  return values;
}

Pair judged(const BySeed<double>& rule, const BySeed<double>& other, bool is_lower_better = false,
            std::optional<double> margin = {}) {
  Bootstrap bootstrap;
  Pair pair = pair_of(rule, other, is_lower_better, margin, bootstrap).value();
  judge({&pair});
  return pair;
}

}  // namespace

TEST_CASE("a rule ahead in every pair is better, and worse where less is better") {
  const Pair pair = judged(rising(0.9, 8), rising(0.8, 8));
  CHECK(pair.difference.median == Approx(0.1));
  CHECK(pair.ahead.share == 1);
  CHECK(pair.improvement->share == 1);
  CHECK(*pair.p_adjusted == Approx(2.0 / 256));
  CHECK(pair.verdict == Verdict::better);
  const Pair lower = judged(rising(0.9, 8), rising(0.8, 8), true);
  CHECK(lower.difference.median == Approx(0.1));
  CHECK(lower.ahead.share == 0);
  CHECK(lower.improvement->share == 0);
  CHECK(lower.verdict == Verdict::worse);
}

TEST_CASE("pairs are seeds that both have, runs are all") {
  BySeed<double> fewer = rising(0.8, 8);
  fewer.erase(3);
  const Pair pair = judged(rising(0.9, 8), fewer);
  CHECK(pair.ahead.n == 7);
  CHECK(pair.improvement->n == 15);
  Bootstrap bootstrap;
  CHECK_FALSE(pair_of(rising(0.9, 2), {{7, 0.5}}, false, {}, bootstrap));
}

TEST_CASE("a steady lead smaller than the luck of seeds is ahead in pairs, not in runs") {
  BySeed<double> lead = rising(0.9, 10);
  for (auto& [seed, value] : lead) value += 0.0001;
  const Pair pair = judged(lead, rising(0.9, 10));
  CHECK(pair.ahead.share == 1);
  // 45 pairs of other seeds either way, 10 of the same one: (45 + 10) / 100.
  CHECK(pair.improvement->share == Approx(0.55));
  CHECK(pair.improvement->low < 0.5);
}

TEST_CASE("within the margin two rules are equivalent, though told apart") {
  CHECK(judged(rising(0.905, 8), rising(0.9, 8), false, 0.02).verdict == Verdict::equivalent);
  CHECK(judged(rising(0.905, 8), rising(0.9, 8), false, 0.002).verdict == Verdict::better);
}

TEST_CASE("a family of tests adjusts p, and needs more seeds") {
  const std::vector<RunRecord> records = [] {
    std::vector<RunRecord> all;
    for (std::uint64_t seed = 1; seed <= 7; ++seed) {
      const double luck = static_cast<double>(seed) / 1000;
      for (const char* rule : {"a", "b", "c"}) {
        const double score = 0.9 - 0.1 * (*rule - 'a');
        all.push_back({.rule = rule, .seed = seed, .metrics = {{"test_accuracy", score + luck}}});
      }
    }
    return all;
  }();
  Bootstrap bootstrap;
  const json three = pairs_of({"a", "b", "c"}, records, "test_accuracy", {}, bootstrap);
  REQUIRE(three.size() == 3);
  CHECK(three[1]["rule"] == "a");
  CHECK(three[1]["other"] == "c");
  for (const json& pair : three) {  // 3 x 2 / 2^7 = 0.047
    CHECK(pair["p_adjusted"].get<double>() == Approx(6.0 / 128));
    CHECK(pair["verdict"] == "better");
  }
  std::vector<RunRecord> four = records;
  for (std::uint64_t seed = 1; seed <= 7; ++seed) {
    four.push_back({.rule = "d",
                    .seed = seed,
                    .metrics = {{"test_accuracy", 0.6 + static_cast<double>(seed) / 1000}}});
  }
  for (const json& pair : pairs_of({"a", "b", "c", "d"}, four, "test_accuracy", {}, bootstrap)) {
    CHECK(pair["p"].get<double>() == Approx(2.0 / 128));
    CHECK(pair["p_adjusted"].is_null());
    CHECK(pair["verdict"] == "too few seeds");
    CHECK(pair["seeds_needed"] == 8);  // 6 x 2 / 2^8 = 0.047
  }
}

TEST_CASE("of times the one reached first is ahead, and a pair of neither is half") {
  BySeed<Time> quick, slow;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    quick[seed] = {100.0 + static_cast<double>(seed), seed < 8};
    slow[seed] = {300, seed % 2 == 0 && seed < 8};
  }
  quick[8] = slow[8] = {300, false};
  Bootstrap bootstrap;
  Pair pair = pair_of(quick, slow, bootstrap).value();
  judge({&pair});
  CHECK(pair.ahead.share == Approx(7.5 / 8));
  CHECK(pair.log_rank->p < 0.05);
  CHECK(pair.verdict == Verdict::better);
  CHECK_FALSE(to_json(pair).contains("improvement"));
  Pair back = pair_of(slow, quick, bootstrap).value();
  judge({&back});
  CHECK(back.verdict == Verdict::worse);
}
