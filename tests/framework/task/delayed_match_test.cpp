// SPDX-License-Identifier: Apache-2.0
// Golden trials of delayed match-to-sample, step by step, and times that cannot be.
#include "task/delayed_match.hpp"

#include <doctest/doctest.h>

#include <set>

#include "core/error.hpp"

using namespace deltaw;

namespace {

std::unique_ptr<const TrialTask> nonmatch(const DelayedMatchSpec& spec = {}, double dt = 1) {
  return make_trial_task({.dt = dt, .match = spec});
}

// Where a channel rises and falls: the steps at which it differs from the step before.
std::vector<std::size_t> edges(const arma::mat& inputs, arma::uword channel) {
  std::vector<std::size_t> steps;
  for (arma::uword t = 1; t < inputs.n_cols; ++t) {
    if (inputs(channel, t) != inputs(channel, t - 1)) steps.push_back(t);
  }
  return steps;
}

using Edges = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a nonmatch trial shows A, waits, shows B, and asks for +0.98 at the end") {
  const auto task = nonmatch();
  CHECK(task->channels() == 2);
  CHECK(task->outputs() == 1);
  CHECK(task->steps() == 1000);
  CHECK(task->dt() == 1);
  const Trial trial = task->trial(1, 1);
  CHECK(trial.kind == 1);
  REQUIRE(trial.inputs.n_rows == 2);
  REQUIRE(trial.inputs.n_cols == 1000);
  CHECK(edges(trial.inputs, 0) == Edges{1, 201});
  CHECK(edges(trial.inputs, 1) == Edges{400, 600});
  CHECK(trial.inputs(0, 0) == 0);
  CHECK(trial.inputs(0, 1) == 1);
  CHECK(trial.inputs(1, 400) == 1);
  CHECK(trial.response.first == 800);
  CHECK(trial.response.last == 1000);
  REQUIRE(trial.target.n_rows == 1);
  REQUIRE(trial.target.n_cols == 1000);
  CHECK(arma::all(trial.target.row(0) == 0.98));
}

TEST_CASE(
    "contexts follow each other after so many trials, with the same inputs and other answers") {
  const auto task = nonmatch({.then = {"delayed-match", "delayed-nonmatch"}, .each = 6});
  const auto plain = nonmatch();
  CHECK(task->contexts() ==
        std::vector<std::string>{"delayed-nonmatch", "delayed-match", "delayed-nonmatch"});
  for (std::uint64_t i = 0; i < 24; ++i) {
    CAPTURE(i);
    const double sign = i >= 6 && i < 12 ? -1 : 1;  // the last context goes on
    CHECK(task->trial(1, i).target(0, 0) == sign * plain->trial(1, i).target(0, 0));
    CHECK(arma::approx_equal(task->trial(1, i).inputs, plain->trial(1, i).inputs, "absdiff", 0));
  }
  CHECK(task->of_kind(1, 1, 0).target(0, 0) == 0.98);
  CHECK(task->of_kind(1, 1, 0, 1).target(0, 0) == -0.98);
  CHECK(task->of_kind(1, 1, 0, 2).target(0, 0) == 0.98);
  CHECK(plain->contexts().empty());
}

TEST_CASE("kinds come in turn, and the sign of the target tells same from different") {
  const auto different = nonmatch(), same = make_trial_task({.type = "delayed-match"});
  CHECK(different->kind_names() == std::vector<std::string>{"AA", "AB", "BA", "BB"});
  const double signs[] = {-0.98, 0.98, 0.98, -0.98};
  for (std::uint64_t i = 0; i < 8; ++i) {
    const Trial trial = different->trial(1, i);
    CHECK(trial.kind == i % 4);
    CHECK(trial.target(0, 999) == signs[i % 4]);
    CHECK(same->trial(1, i).target(0, 999) == -signs[i % 4]);
    CHECK(different->kind_names()[trial.kind][0] == (trial.inputs(0, 100) == 1 ? 'A' : 'B'));
    CHECK(different->kind_names()[trial.kind][1] == (trial.inputs(0, 500) == 1 ? 'A' : 'B'));
    CHECK(arma::accu(trial.inputs) == 400);
  }
}

TEST_CASE("drawn kinds depend on seed and index alone, and all four come") {
  const auto drawn = make_trial_task({.order = "random"});
  int counts[4] = {}, same_as_other_seed = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const std::uint32_t kind = drawn->trial(7, i).kind;
    CHECK(kind == drawn->trial(7, i).kind);
    same_as_other_seed += kind == drawn->trial(8, i).kind;
    ++counts[kind];
  }
  for (const int count : counts) CHECK(count > 60);
  CHECK(same_as_other_seed < 140);
}

TEST_CASE("a coarser dt keeps the times") {
  const Trial trial = nonmatch({.first = {0, 200}}, 2)->of_kind(3, 1, 0);
  CHECK(trial.inputs.n_cols == 500);
  CHECK(edges(trial.inputs, 1) == Edges{100, 200, 300});
  CHECK(trial.response.first == 400);
}

TEST_CASE("the long delay and the answers of an excitatory network are only other numbers") {
  const auto task = nonmatch({.first = {1, 401},
                              .second = {1400, 1800},
                              .response = {1800, 2000},
                              .target = {0.02, 5.98}});
  const Trial trial = task->of_kind(2, 1, 0);
  CHECK(edges(trial.inputs, 1) == Edges{1, 401});
  CHECK(edges(trial.inputs, 0) == Edges{1400, 1800});
  CHECK(trial.target(0, 1999) == 5.98);
  CHECK(task->of_kind(0, 1, 0).target(0, 1999) == 0.02);
}

TEST_CASE("a variable delay moves the second stimulus, and nothing else") {
  const auto task = nonmatch(
      {.first = {1, 301}, .second = {600, 900}, .response = {1400, 1600}, .delay = {{300, 800}}});
  CHECK(task->steps() == 1600);
  std::set<std::size_t> onsets;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    const Trial trial = task->trial(3, 4 * i + 1);
    const Edges second = edges(trial.inputs, 1);
    REQUIRE(second.size() == 2);
    REQUIRE(second[1] - second[0] == 300);
    REQUIRE(edges(trial.inputs, 0) == Edges{1, 301});
    REQUIRE(trial.response.first == 1400);
    onsets.insert(second[0]);
  }
  CHECK(*onsets.begin() == 601);    // 300 ms after step 301
  CHECK(*onsets.rbegin() == 1100);  // the last step of 300 <= delay < 800
  CHECK(onsets.size() > 490);       // of 500; 4000 draws miss each with probability 0.0003
  CHECK(task->windows()[2].window.first == 601);
  CHECK(task->windows()[2].window.last == 1400);
}

TEST_CASE("a delay of one length places the second stimulus after the first") {
  const auto task = nonmatch({.delay = {{150, 150}}});
  for (const std::uint64_t index : {1u, 5u}) {
    CHECK(edges(task->trial(1, index).inputs, 1) == Edges{351, 551});
  }
}

TEST_CASE("factors and windows tell analyses what differs between kinds, and when") {
  const auto task = nonmatch();
  REQUIRE(task->factors().size() == 3);
  for (std::uint32_t kind = 0; kind < 4; ++kind) {
    const Trial trial = task->of_kind(kind, 1, 0);
    CHECK(task->factors()[0].levels[kind] == trial.inputs(0, 100) - trial.inputs(1, 100));
    CHECK(task->factors()[1].levels[kind] == trial.inputs(0, 500) - trial.inputs(1, 500));
    CHECK(task->factors()[2].levels[kind] * 0.98 == trial.target(0, 999));
  }
  std::vector<std::string> names;
  for (const NamedWindow& window : task->windows()) names.push_back(window.name);
  CHECK(names == std::vector<std::string>{"stimulus 1", "delay", "stimulus 2", "response"});
  CHECK(task->windows()[1].window.first == 201);
  CHECK(task->windows()[1].window.last == 400);
}

TEST_CASE("times that cannot be are named") {
  CHECK_THROWS_WITH_AS((void)nonmatch({.response = {1000, 1000}}),
                       doctest::Contains("no response window"), Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.first = {200, 100}}),
                       doctest::Contains("no first stimulus window"), Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.second = {100, 300}}), doctest::Contains("out of order"),
                       Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.delay = {{100, 500}}}), doctest::Contains("out of order"),
                       Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.delay = {{300, 200}}}),
                       doctest::Contains("below the shortest"), Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.first = {-1, 200}}), doctest::Contains("out of range"),
                       Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.response = {800, 1e12}}), doctest::Contains("out of range"),
                       Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({}, 3), doctest::Contains("multiple of dt = 3 ms"), Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({}, 0), doctest::Contains("above 0 ms"), Error);
  CHECK_THROWS_WITH_AS((void)nonmatch({.target = {1, 1}}), doctest::Contains("no two answers"),
                       Error);
}
