// SPDX-License-Identifier: Apache-2.0
// Means over snapshots, then medians over runs, worked out by hand.
#include "comparison/alignment_summary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

using namespace deltaw;

namespace {

// Two snapshots of one rule at these angles.
RunRecord run(std::uint64_t seed, double first, double second) {
  RunRecord record{.rule = "arm", .seed = seed};
  for (const double degrees : {first, second}) {
    record.alignment.push_back({.rule = "watches",
                                .updates = 4,
                                .draws = 2,
                                .cosine = std::cos(degrees * 3.14159265358979 / 180),
                                .norm_ratio = degrees / 10});
  }
  return record;
}

}  // namespace

TEST_CASE("a run counts once, with the mean of its snapshots") {
  std::vector<RunRecord> records = {run(1, 10, 30), run(2, 40, 60), run(3, 20, 160)};
  records.push_back(run(4, 0, 0));
  records.back().status = "failed";
  records.push_back(run(5, 0, 0));
  records.back().rule = "other";
  Bootstrap bootstrap;
  const nlohmann::json found = summarise_alignment(records, "arm", bootstrap);
  REQUIRE(found.size() == 1);
  CHECK(found[0]["rule"] == "watches");
  CHECK(found[0]["connection"] == "");
  CHECK(found[0]["draws"] == 2);
  CHECK(found[0]["snapshots"] == 6);
  const nlohmann::json& angle = found[0]["measures"]["angle"];
  CHECK(angle["median"].get<double>() == doctest::Approx(50));  // of 20, 50 and 90
  CHECK(angle["n"] == 3);
  CHECK(found[0]["measures"]["norm_ratio"]["median"].get<double>() == doctest::Approx(5));
  CHECK(!found[0]["measures"].contains("limit_angle"));
  CHECK(summarise_alignment(records, "nobody", bootstrap).empty());
}

TEST_CASE("an estimate beyond 1 is at 0 degrees, one beyond -1 at 180") {
  CHECK(degrees_of(1.2) == 0);
  CHECK(degrees_of(-1.2) == doctest::Approx(180));
  CHECK(degrees_of(0) == doctest::Approx(90));
}
