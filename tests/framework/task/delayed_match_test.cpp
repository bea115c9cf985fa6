// SPDX-License-Identifier: Apache-2.0
// Golden trials, step by step, and times that cannot be.
#include "task/delayed_match.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace deltaw;

TEST_CASE("a nonmatch trial shows A, waits, shows B, and asks for +0.98 at the end") {
  const Trial<double> trial = DelayedMatch({}).trial<double>(1, 1);
  CHECK(trial.kind == 1);
  REQUIRE(trial.inputs.n_rows == 2);
  REQUIRE(trial.inputs.n_cols == 1000);
  CHECK(arma::accu(trial.inputs.row(0)) == 200);
  CHECK(arma::accu(trial.inputs.row(1)) == 200);
  CHECK(trial.inputs(0, 0) == 0);
  CHECK(trial.inputs(0, 1) == 1);
  CHECK(trial.inputs(0, 200) == 1);
  CHECK(trial.inputs(0, 201) == 0);
  CHECK(trial.inputs(1, 399) == 0);
  CHECK(trial.inputs(1, 400) == 1);
  CHECK(trial.inputs(1, 599) == 1);
  CHECK(trial.inputs(1, 600) == 0);
  CHECK(trial.response.first == 800);
  CHECK(trial.response.size() == 200);
  CHECK(trial.target(0, 800) == 0.98);
}

TEST_CASE("kinds come in turn, and the sign of the target tells same from different") {
  const DelayedMatch nonmatch({}), match({.is_nonmatch = false});
  const double signs[] = {-0.98, 0.98, 0.98, -0.98};  // AA, AB, BA, BB
  for (std::uint64_t i = 0; i < 8; ++i) {
    const Trial<double> trial = nonmatch.trial<double>(1, i);
    CHECK(trial.kind == i % 4);
    CHECK(trial.target(0, 999) == signs[i % 4]);
    CHECK(match.trial<double>(1, i).target(0, 999) == -signs[i % 4]);
    CHECK(trial.inputs(trial.kind / 2, 100) == 1);
    CHECK(trial.inputs(trial.kind % 2, 500) == 1);
    CHECK(arma::accu(trial.inputs) == 400);
  }
}

TEST_CASE("drawn kinds depend on seed and index alone, and all four come") {
  const DelayedMatch drawn({.is_cyclic = false});
  int counts[4] = {};
  for (std::uint64_t i = 0; i < 400; ++i) {
    const std::uint32_t kind = drawn.trial<float>(7, i).kind;
    CHECK(kind == drawn.trial<float>(7, i).kind);
    ++counts[kind];
  }
  for (const int count : counts) CHECK(count > 60);
}

TEST_CASE("a coarser dt keeps the times") {
  const Trial<float> trial =
      DelayedMatch({.dt = 2, .first_on = 0, .first_off = 200}).of_kind<float>(3);
  CHECK(trial.inputs.n_cols == 500);
  CHECK(trial.inputs(1, 99) == 1);
  CHECK(trial.inputs(1, 100) == 0);
  CHECK(trial.response.first == 400);
}

TEST_CASE("times that cannot be are named") {
  CHECK_THROWS_WITH_AS(DelayedMatch({.response_on = 1000}), doctest::Contains("no response window"),
                       Error);
  CHECK_THROWS_WITH_AS(DelayedMatch({.second_on = 100}), doctest::Contains("out of order"), Error);
  CHECK_THROWS_WITH_AS(DelayedMatch({.dt = 3}), doctest::Contains("multiple of dt = 3 ms"), Error);
  CHECK_THROWS_WITH_AS(DelayedMatch({.dt = 0}), doctest::Contains("above 0 ms"), Error);
}
