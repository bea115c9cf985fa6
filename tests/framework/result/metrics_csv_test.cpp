// SPDX-License-Identifier: Apache-2.0
#include "result/metrics_csv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"

using namespace deltaw;

TEST_CASE("a curve becomes lines of numbers, empty where nothing was measured") {
  RunRecord run{.rule = "oja", .seed = 3};
  run.curve = {
      {.epoch = 2, .updates = 80, .seconds = 0.5, .train_accuracy = 0.75, .test_loss = 1e-9}};
  CHECK(metrics_csv({run}) ==
        "rule,seed,epoch,updates,seconds,train_loss,train_accuracy,validation_loss,"
        "validation_accuracy,test_loss,test_accuracy,alignment\n"
        "oja,3,2,80,0.5,,0.75,,,1e-09,,\n");
}

TEST_CASE("every bit of a number and every character of a name survives") {
  RunRecord run{.rule = "a \"b\",\nc", .seed = std::numeric_limits<std::uint64_t>::max()};
  run.curve = {{.epoch = 1,
                .seconds = 0.1 + 0.2,
                .train_loss = 1.0 / 3,
                .test_loss = std::numeric_limits<double>::infinity()}};
  RunRecord other{.rule = "b", .seed = 1};
  other.curve = {{.epoch = 0}, {.epoch = 1}};
  const auto read = parse_metrics_csv(metrics_csv({run, other}), "text");
  REQUIRE(read.size() == 2);
  CHECK(read[0].rule == run.rule);
  CHECK(read[0].seed == run.seed);
  CHECK(read[0].curve == run.curve);
  CHECK(read[1].curve == other.curve);
}

TEST_CASE("lines that are not metrics are refused with their place") {
  const std::string header = metrics_csv({});
  for (const std::string& bad : {std::string(), std::string("rule,seed\n"), header + "a,1,2\n",
                                 header + "a,x,1,1,1,,,,,,,\n", header + "a,1,1,1,1,2x,,,,,,\n"}) {
    CHECK_THROWS_AS(static_cast<void>(parse_metrics_csv(bad, "m.csv")), Error);
  }
  try {
    static_cast<void>(parse_metrics_csv(header + "a,1,1,1,1,,,,,,,\na,1,1\n", "m.csv"));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E603);
    CHECK(error.text().find("m.csv:3") != std::string::npos);
    CHECK(error.text().find("3 fields") != std::string::npos);
  }
}

TEST_CASE("columns are found by their name in the file") {
  CHECK(column_named("train_accuracy") == &EpochRow::train_accuracy);
  CHECK(column_named("test_loss") == &EpochRow::test_loss);
  CHECK(column_named("seconds") == nullptr);
}
