// SPDX-License-Identifier: Apache-2.0
#include "comparison/survival.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/random.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Times = std::vector<Time>;

Times times(const std::vector<double>& reached, const std::vector<double>& ends = {}) {
  Times all;
  for (const double end : ends) all.push_back({end, false});
  for (const double time : reached) all.push_back({time, true});
  return all;
}

// Weeks of remission of children with leukaemia (Freireich et al. 1963; Gehan 1965), k-th of
// each is a pair of the trial.
Times placebo() {
  Times all;
  for (const double t : {1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8}) {
    all.push_back({t, true});
  }
  return all;
}
Times mercaptopurine() {
  return {{10, true},  {7, true},   {32, false}, {23, true},  {22, true},  {6, true},
          {16, true},  {34, false}, {32, false}, {25, false}, {11, false}, {20, false},
          {19, false}, {6, true},   {17, false}, {35, false}, {6, true},   {13, true},
          {9, false},  {6, false},  {10, false}};
}

double survival_at(const std::vector<SurvivalStep>& steps, double time) {
  double survival = 1;
  for (const SurvivalStep& step : steps) {
    if (step.time <= time) survival = step.survival;
  }
  return survival;
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
  CHECK(estimate_median_time(mercaptopurine()).median == 23);
  CHECK(estimate_median_time(placebo()).median == 8);
}

TEST_CASE("the log-rank test of the leukaemia trial gives chi-square 16.79") {
  const auto found = log_rank(mercaptopurine(), placebo());
  REQUIRE(found);
  CHECK(found->chi_square == Approx(16.793).epsilon(1e-4));
  CHECK(found->p == Approx(4.17e-5).epsilon(2e-3));
  const auto swapped = log_rank(placebo(), mercaptopurine());
  CHECK(swapped->chi_square == Approx(found->chi_square));
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

TEST_CASE("none reached, all at one time, one run alone") {
  const Times none = times({}, {10, 10, 7});
  CHECK(kaplan_meier(none).empty());
  CHECK(estimate_median_time(none).median == infinity);
  CHECK(estimate_median_time(none).low == infinity);
  CHECK_FALSE(log_rank(none, none));

  const Times same = times({5, 5, 5});
  REQUIRE(kaplan_meier(same).size() == 1);
  CHECK(kaplan_meier(same)[0].events == 3);
  CHECK(kaplan_meier(same)[0].high == 1);
  const Estimate point = estimate_median_time(same);
  CHECK(point.median == 5);
  CHECK(point.low == 5);
  CHECK(point.high == 5);
  CHECK_FALSE(log_rank(same, same));

  CHECK(estimate_median_time(times({8})).high == 8);
  CHECK(estimate_median_time(times({}, {8})).low == infinity);
}

TEST_CASE("a curve that rests at a half has its median in the middle of the rest") {
  CHECK(estimate_median_time(times({1, 3, 8, 9})).median == 5.5);
  // 1/2 from 3 on, and no further step: half of the runs never get there.
  CHECK(estimate_median_time(times({1, 3}, {10, 10})).median == infinity);
}

TEST_CASE("censored runs raise the median above that of the runs that got there") {
  // S = 4/5 after 2; the end at 3 leaves three at risk: 8/15 after 4, 4/15 after 6.
  CHECK(estimate_median_time(times({2, 4, 6}, {3, 9})).median == 6);
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
    const Estimate plain = estimate_median(values), censored = estimate_median_time(same);
    CHECK(censored.median == plain.median);
    CHECK(censored.low == plain.low);
    CHECK(censored.high == plain.high);
    CHECK(censored.n == n);
  }
}

TEST_CASE("intervals of a censored median hold the true one in 95 of 100 cases") {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed, "test");
    Times sample;
    for (int k = 0; k < 20; ++k) {
      const double t = -std::log(random.uniform()), end = 2.5 * random.uniform();
      sample.push_back(t <= end ? Time{t, true} : Time{end, false});
    }
    const Estimate estimate = estimate_median_time(sample);
    held += estimate.low <= std::log(2.0) && std::log(2.0) <= estimate.high;
  }
  CHECK(held >= 182);  // 95 % of 200, less three standard deviations
}

TEST_CASE("a hand-worked log-rank test") {
  // At 1: 1 of 2 + 2 at risk, expected 1/2, variance 1/4. At 2, of a's 1 and b's 2: 1/3 and 2/9.
  const auto found = log_rank(times({1, 2}), times({3}, {4}));
  REQUIRE(found);
  const double excess = 2 - 0.5 - 1.0 / 3, variance = 0.25 + 2.0 / 9;
  CHECK(found->chi_square == Approx(excess * excess / variance));
  CHECK(found->p == Approx(std::erfc(std::sqrt(found->chi_square / 2))));
  CHECK_FALSE(log_rank(times({}, {1, 1}), times({2, 3})));
}

TEST_CASE("log-rank p of groups that do not differ are uniform") {
  int below_tenth = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed, "test");
    Times group[2];
    for (int k = 0; k < 40; ++k) {
      const double t = -std::log(random.uniform()), end = 3 * random.uniform();
      group[k % 2].push_back(t <= end ? Time{t, true} : Time{end, false});
    }
    below_tenth += log_rank(group[0], group[1])->p < 0.1;
  }
  CHECK(below_tenth == Approx(100).epsilon(0.3));
}

TEST_CASE("uncensored pairs are compared by ranks") {
  // Pooled ranks of a are 1..6 and of b 7..12: each pair differs by -6/13, the least p there is.
  const auto p = paired_times_p(times({1, 2, 3, 4, 5, 6}), times({10, 20, 30, 40, 50, 600}));
  REQUIRE(p);
  CHECK(*p == Approx(2.0 / 64));
  // a is later in the fifth and sixth pair, by 1 rank each, and earlier by 9, 7, 3 and 1 in others.
  const Times a = times({1, 2, 4, 6, 9, 12}), b = times({10, 9.5, 7, 6.5, 8, 11});
  const std::vector<double> ranks = {1 - 10.0, 2 - 9.0, 3 - 6.0, 4 - 5.0, 8 - 7.0, 12 - 11.0};
  CHECK(*paired_times_p(a, b) == Approx(*sign_flip_p(ranks)));
}

TEST_CASE("an end scores later than all before it, and a pair of which neither got there 0") {
  // Pooled: 1, 2, 3, 4, 5, 6 reached, six at the end at 9; S falls to 7/13, so the scores are
  // 1 - 2 S = -11/13, ..., -1/13 where reached and 6/13 at the end.
  const Times quick = times({1, 2, 3, 4, 5, 6}), never = times({}, {9, 9, 9, 9, 9, 9});
  CHECK(*paired_times_p(quick, never) == Approx(2.0 / 64));
  Times padded_quick = quick, padded_never = never;
  padded_quick.push_back({9, false});
  padded_never.push_back({9, false});
  CHECK(*paired_times_p(padded_quick, padded_never) == Approx(2.0 / 64));
  CHECK_FALSE(paired_times_p(times({1, 2, 3, 4, 5}), times({}, {9, 9, 9, 9, 9})));
  // Six pairs one way and their mirror images: no difference.
  Times left = quick, right = never;
  left.insert(left.end(), never.begin(), never.end());
  right.insert(right.end(), quick.begin(), quick.end());
  CHECK(*paired_times_p(left, right) == Approx(1));
}

TEST_CASE("scores of censored pairs are Prentice's, worked by hand") {
  // Pooled times are 1 .. 12, reached at 1, 4, 5, 9, 11 and 12 with 12, 9, 8, 4, 2 and 1 at risk.
  const Times a = {{1, true}, {9, true}, {11, true}, {12, true}, {5, true}, {6, false}};
  const Times b = {{4, true}, {8, false}, {10, false}, {7, false}, {3, false}, {2, false}};
  const double s1 = 12.0 / 13, s4 = s1 * 9 / 10, s5 = s4 * 8 / 9, s9 = s5 * 4 / 5, s11 = s9 * 2 / 3,
               s12 = s11 / 2;
  const std::vector<double> differences = {(1 - 2 * s1) - (1 - 2 * s4), (1 - 2 * s9) - (1 - s5),
                                           (1 - 2 * s11) - (1 - s9),    (1 - 2 * s12) - (1 - s5),
                                           (1 - 2 * s5) - (1 - s1),     (1 - s5) - (1 - s1)};
  CHECK(*paired_times_p(a, b) == Approx(*sign_flip_p(differences)));
  CHECK(*paired_times_p(a, b) == Approx(22.0 / 64));
}

TEST_CASE("the leukaemia trial differs by pairs as well") {
  // Of 21 pairs, 18 were longer in remission with the drug and 3 with the placebo.
  const std::vector<double> longer = paired_differences(mercaptopurine(), placebo());
  CHECK(longer.size() == 21);
  CHECK(std::ranges::count_if(longer, [](double d) { return d > 0; }) == 18);
  CHECK(*paired_times_p(mercaptopurine(), placebo()) < 0.002);
}

TEST_CASE("differences are taken where the order of a pair is known") {
  const Times a = {{5, true}, {7, true}, {9, false}, {9, false}, {3, false}, {9, true}, {5, true}};
  const Times b = {{6, true}, {9, false}, {4, true}, {9, false}, {4, true}, {9, false}, {4, false}};
  CHECK(paired_differences(a, b) == std::vector<double>{-1, -infinity, infinity, -infinity});
}
