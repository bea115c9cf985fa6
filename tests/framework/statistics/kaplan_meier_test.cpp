// SPDX-License-Identifier: Apache-2.0
#include "statistics/kaplan_meier.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"
#include "framework/statistics/times.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/median.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double survival_at(const std::vector<SurvivalStep>& steps, double time) {
  double survival = 1;
  for (const SurvivalStep& step : steps) {
    if (step.time <= time) survival = step.survival;
  }
  return survival;
}

Estimate median_time(const Times& times) {
  Bootstrap bootstrap;
  return estimate_median_time(times, bootstrap);
}

}  // namespace

TEST_CASE("the curve of the leukaemia trial is the published one, with its log-log intervals") {
  const std::vector<SurvivalStep> steps = kaplan_meier(mercaptopurine());
  const std::vector<SurvivalStep> published = {
      {6, .8571, .6197, .9516, 21, 3},  {7, .8067, .5631, .9228, 17, 1},
      {10, .7529, .5032, .8894, 15, 1}, {13, .6902, .4316, .8491, 12, 1},
      {16, .6275, .3675, .8049, 11, 1}, {22, .5378, .2678, .7468, 7, 1},
      {23, .4482, .1881, .6801, 6, 1}};
  REQUIRE(steps.size() == published.size());
  for (std::size_t k = 0; k < steps.size(); ++k) {
    CHECK(steps[k].time == published[k].time);
    CHECK(steps[k].survival == Approx(published[k].survival).epsilon(1e-4));
    CHECK(steps[k].low == Approx(published[k].low).epsilon(2e-4));
    CHECK(steps[k].high == Approx(published[k].high).epsilon(2e-4));
    CHECK(steps[k].at_risk == published[k].at_risk);
    CHECK(steps[k].events == published[k].events);
  }
  CHECK(median_time(mercaptopurine()).median == 23);
  CHECK(median_time(placebo()).median == 8);
}

TEST_CASE("without censoring, the curve is the share not yet there and falls to 0") {
  const std::vector<SurvivalStep> steps = kaplan_meier(times({4, 1, 2, 2}));
  REQUIRE(steps.size() == 3);
  CHECK(survival_at(steps, 1.5) == Approx(0.75));
  CHECK(survival_at(steps, 2) == Approx(0.25));
  CHECK(survival_at(steps, 4) == 0);
  CHECK(steps[2].low == 0);
  CHECK(steps[2].high == steps[1].high);
}

TEST_CASE("an end of observation comes after a criterion reached at the same time") {
  // At 5 both are at risk: 1/2 remains; were the end first, nothing would.
  const std::vector<SurvivalStep> steps = kaplan_meier(times({5}, {5}));
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].at_risk == 2);
  CHECK(steps[0].survival == 0.5);
}

TEST_CASE("a curve that rests at a half has its median in the middle of the rest") {
  CHECK(median_time(times({1, 3, 8, 9})).median == 5.5);
  // 1/2 from 3 on, and no further step: half of the runs never get there.
  CHECK(median_time(times({1, 3}, {10, 10})).median == infinity);
}

TEST_CASE("censored runs raise the median above that of the runs that got there") {
  // S = 4/5 after 2; the end at 3 leaves three at risk: 8/15 after 4, 4/15 after 6.
  CHECK(median_time(times({2, 4, 6}, {3, 9})).median == 6);
  CHECK(median(std::vector<double>{2, 4, 6}) == 4);
}

TEST_CASE(
    "where no run is censored early, the estimate is that of all runs with never as infinity") {
  Random random(3, "test");
  for (const std::size_t n : {2u, 7u, 20u}) {
    std::vector<double> values;
    Times same;
    for (std::size_t k = 0; k < n; ++k) {
      const double t = std::floor(-1000 * std::log(random.uniform()));
      values.push_back(t < 1800 ? t : infinity);
      same.push_back(t < 1800 ? Time{t, true} : Time{1800, false});
    }
    const Estimate plain = estimate_median(values), censored = median_time(same);
    CHECK(censored.median == plain.median);
    CHECK(censored.low == plain.low);
    CHECK(censored.high == plain.high);
    CHECK(censored.n == n);
  }
}

TEST_CASE("intervals of a censored median hold the true one in 95 of 100 cases") {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed, "test");
    Times sample;
    for (int k = 0; k < 20; ++k) {
      const double t = -std::log(random.uniform()), end = 2.5 * random.uniform();
      sample.push_back(t <= end ? Time{t, true} : Time{end, false});
    }
    const Estimate estimate = median_time(sample);
    held += estimate.low <= std::log(2.0) && std::log(2.0) <= estimate.high;
  }
  CAPTURE(held);
  CHECK(held >= 930);
  CHECK(held <= 970);
}

TEST_CASE("none reached, all at one time, one run alone") {
  const Times none = times({}, {10, 10, 7});
  CHECK(kaplan_meier(none).empty());
  CHECK(median_time(none).median == infinity);
  CHECK(median_time(none).low == infinity);

  const Times same = times({5, 5, 5});
  REQUIRE(kaplan_meier(same).size() == 1);
  CHECK(kaplan_meier(same)[0].events == 3);
  CHECK(kaplan_meier(same)[0].high == 1);
  const Estimate point = median_time(same);
  CHECK(point.median == 5);
  CHECK(point.low == 5);
  CHECK(point.high == 5);

  CHECK(median_time(times({8})).high == 8);
  CHECK(median_time(times({}, {8})).low == infinity);
}
