// SPDX-License-Identifier: Apache-2.0
// What holds for every task in trials, and names that are none.
#include "task/trial_task.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "core/error.hpp"

using namespace deltaw;

namespace {

bool are_equal(const Trial& a, const Trial& b) {
  return a.kind == b.kind && arma::approx_equal(a.inputs, b.inputs, "absdiff", 0) &&
         arma::approx_equal(a.target, b.target, "absdiff", 0);
}

TrialTaskSpec noisy(const std::string& order = "cyclic") {
  return {.type = "selective-integration", .order = order};
}

double first_draw(const Trial& trial) { return trial.inputs(0, 1); }

}  // namespace

TEST_CASE("every task's trials have its shape, and its windows lie in them") {
  for (const std::string& type : trial_task_types()) {
    CAPTURE(type);
    const auto task = make_trial_task({.type = type});
    REQUIRE(task->kind_names().size() == task->kinds());
    for (const Factor& factor : task->factors()) CHECK(factor.levels.size() == task->kinds());
    for (const NamedWindow& named : task->windows()) {
      CHECK(named.window.size() > 0);
      CHECK(named.window.last <= task->steps());
    }
    for (std::uint32_t kind = 0; kind < task->kinds(); ++kind) {
      const Trial trial = task->of_kind(kind, 1, 2);
      CHECK(trial.kind == kind);
      CHECK(trial.inputs.n_rows == task->channels());
      CHECK(trial.inputs.n_cols == task->steps());
      CHECK(trial.target.n_rows == task->outputs());
      CHECK(trial.target.n_cols == task->steps());
      CHECK(trial.response.last == task->steps());
      CHECK(task->windows().back().name == "response");
      CHECK(task->windows().back().window.first == trial.response.first);
    }
  }
}

TEST_CASE("a trial depends on seed and index alone, not on who asked before") {
  for (const char* order : {"cyclic", "random"}) {
    const auto task = make_trial_task(noisy(order)), other = make_trial_task(noisy(order));
    const Trial before = task->trial(3, 17);
    for (std::uint64_t i = 0; i < 5; ++i) (void)task->trial(3, i);
    (void)task->of_kind(1, 3, 17);
    CHECK(are_equal(task->trial(3, 17), before));
    CHECK(are_equal(other->trial(3, 17), before));
    CHECK_FALSE(are_equal(task->trial(4, 17), before));
    CHECK_FALSE(are_equal(task->trial(3, 21), before));
  }
}

TEST_CASE("no two trials share their draws, whether of training or of tests") {
  const auto task = make_trial_task(noisy());
  std::set<double> draws;
  std::size_t count = 0;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      // Without the bias, so that equal noise under another bias would be seen.
      const auto noise = [&](const Trial& trial) {
        const double bias = arma::mean(trial.inputs.submat(0, 1, 0, 500).as_row()) > 0 ? 1 : -1;
        return std::round((first_draw(trial) - bias * 0.25) * 1e12);
      };
      draws.insert(noise(task->trial(seed, i)));
      for (std::uint32_t kind = 0; kind < 4; ++kind) {
        draws.insert(noise(task->of_kind(kind, seed, i)));
      }
      count += 5;
    }
  }
  CHECK(draws.size() == count);
}

TEST_CASE("the order of kinds leaves the draws of a trial alone") {
  const auto cyclic = make_trial_task(noisy()), random = make_trial_task(noisy("random"));
  int compared = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Trial a = cyclic->trial(1, i), b = random->trial(1, i);
    if (a.kind != b.kind) continue;
    CHECK(are_equal(a, b));
    ++compared;
  }
  CHECK(compared > 2);
}

TEST_CASE("unknown names are refused with the nearest known one") {
  try {
    (void)make_trial_task({.type = "delayed-nomatch"});
    FAIL_CHECK("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E503);
    CHECK(error.text().find("did you mean 'delayed-nonmatch'?") != std::string::npos);
    CHECK(error.text().find("sine-sum") != std::string::npos);
  }
  CHECK_THROWS_WITH_AS((void)make_trial_task({.order = "cyclical"}),
                       doctest::Contains("did you mean 'cyclic'?"), Error);
}
