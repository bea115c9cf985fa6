// SPDX-License-Identifier: Apache-2.0
// 1,000 simulated experiments: how often intervals hold the truth, and tests reject it.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "framework/statistics/draws.hpp"
#include "statistics/estimate_median.hpp"
#include "statistics/improvement.hpp"
#include "statistics/interquartile_mean.hpp"
#include "statistics/paired_differences.hpp"
#include "statistics/sign_flip.hpp"
#include "statistics/tost.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

constexpr std::size_t experiments = 1000;
constexpr std::size_t resamples = 500;

double uniform(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }
double laplace(double z) {
  const double tail = -std::log(std::erfc(std::abs(z) / std::numbers::sqrt2));
  return z < 0 ? -tail : tail;
}

struct Distribution {
  const char* name;
  double (*map)(double);
  double median;
};
constexpr Distribution distributions[] = {{"normal", identity, 0},
                                          {"lognormal", log_normal, 1},
                                          {"uniform", uniform, 0.5},
                                          {"laplace", laplace, 0}};

// The shares of experiments in which intervals hold the truth, where a rule meets itself: both arms
// have runs of one distribution, with seeds of their own.
struct Found {
  double median = 0, difference = 0, improvement = 0, chance = 0, rejected = 0;
};

bool holds(double low, double truth, double high) { return low <= truth && truth <= high; }

Found of(const Distribution& distribution, std::size_t n) {
  Bootstrap bootstrap(resamples);
  Found found;
  for (std::size_t k = 0; k < experiments; ++k) {
    const Values a = draw(2 * k, n, distribution.map), b = draw(2 * k + 1, n, distribution.map);
    const Values differences = paired_differences(a, b);
    const Estimate own = estimate_median(a, bootstrap);
    const Estimate difference = estimate_median(differences, bootstrap);
    const Share improvement = estimate_improvement({a}, {b}, bootstrap);
    found.median += holds(own.low, distribution.median, own.high);
    found.difference += holds(difference.low, 0, difference.high);
    found.improvement += holds(improvement.low, 0.5, improvement.high);
    found.chance += improvement.share;
    found.rejected += *sign_flip_p(differences) < 0.05;
  }
  for (double* sum :
       {&found.median, &found.difference, &found.improvement, &found.chance, &found.rejected}) {
    *sum /= experiments;
  }
  return found;
}

}  // namespace

TEST_CASE("a rule against itself gives one half, and intervals of 95 % hold the truth") {
  for (const Distribution& distribution : distributions) {
    for (const std::size_t n : {10u, 20u, 30u}) {
      const Found found = of(distribution, n);
      MESSAGE(std::string(distribution.name) << ", " << n << " seeds: median " << found.median << ", difference "
                                << found.difference << ", improvement " << found.improvement
                                << ", rejected " << found.rejected);
      CHECK(std::abs(found.chance - 0.5) < 0.02);
      for (const double held : {found.median, found.difference, found.improvement}) {
        CHECK(held >= 0.93);
        CHECK(held <= 0.97);
      }
      CHECK(found.rejected <= 0.07);
    }
  }
}

TEST_CASE("the interquartile mean's interval holds the truth over tasks of different spread") {
  Bootstrap bootstrap(resamples);
  for (const std::size_t n : {10u, 20u, 30u}) {
    double held = 0;
    for (std::size_t k = 0; k < experiments; ++k) {
      Tasks tasks;
      for (std::size_t task = 0; task < 3; ++task) {
        tasks.push_back(draw(3 * k + task, n, identity));
        for (double& value : tasks.back()) value *= 1 + static_cast<double>(task);
      }
      const Mean mean = interquartile_mean(tasks, bootstrap);
      held += holds(mean.low, 0, mean.high);
    }
    MESSAGE("interquartile mean, 3 tasks of " << n << " seeds: " << held / experiments);
    CHECK(held / experiments >= 0.93);
    CHECK(held / experiments <= 0.97);
  }
}

TEST_CASE("rules that differ by just the margin are rarely called equivalent, alike ones are") {
  Bootstrap bootstrap(resamples);
  for (const std::size_t n : {10u, 30u}) {
    double at_margin = 0, alike = 0;
    for (std::size_t k = 0; k < experiments; ++k) {
      Values differences = draw(k, n, identity);
      alike += is_equivalent(differences, 1, bootstrap) == true;
      for (double& value : differences) value += 1;
      at_margin += is_equivalent(differences, 1, bootstrap) == true;
    }
    MESSAGE("equivalence, " << n << " seeds: at the margin " << at_margin / experiments
                            << ", alike " << alike / experiments);
    CHECK(at_margin / experiments <= 0.05 + 3 * std::sqrt(0.05 * 0.95 / experiments));
    CHECK(alike / experiments > (n == 10 ? 0.5 : 0.95));
  }
}
