// SPDX-License-Identifier: Apache-2.0
#include "ensemble/over_seeds.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

TEST_CASE("entries of several seeds become a row of medians, others do not") {
  const json entries = json::parse(R"([
    {"group": "a", "seed": 1, "test": {"accuracy": 0.5}, "best": null},
    {"group": "b", "seed": 1, "test": {"accuracy": 0.1}, "best": {"mean": 0.1}},
    {"group": "a", "seed": 2, "test": {"accuracy": 0.9}, "best": {"mean": 0.2}},
    {"group": "b", "seed": null, "test": {"accuracy": 0.2}, "best": {"mean": 0.2}},
    {"group": "a", "seed": 3, "test": {"accuracy": 0.6}, "best": {"mean": 0.3}},
    {"group": "c", "seed": 1, "test": {"accuracy": 0.3}, "best": {"mean": 0.5}},
    {"group": "c", "seed": 2, "test": {"accuracy": 0.4}, "best": {"mean": 0.7}}])");
  const json rows =
      over_seeds(entries, {"group"}, {{"test", "/test/accuracy"}, {"best", "/best/mean"}});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["group"] == "a");
  CHECK(rows[0]["seeds"] == 3);
  CHECK(rows[0]["test"]["median"] == 0.6);
  CHECK(rows[0]["test"]["low"] == 0.5);
  CHECK(rows[0]["test"]["high"] == 0.9);
  CHECK(rows[0]["best"].is_null());
  CHECK(rows[1]["group"] == "c");
  CHECK(rows[1]["best"]["median"].get<double>() == doctest::Approx(0.6));
}
