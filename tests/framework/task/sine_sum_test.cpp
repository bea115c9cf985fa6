// SPDX-License-Identifier: Apache-2.0
// Series with a closed form, and ones that cannot be.
#include "task/sine_sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"

using namespace deltaw;

namespace {

std::unique_ptr<const TrialTask> sines(const SineSumSpec& spec = {}, double dt = 1) {
  return make_trial_task({.type = "sine-sum", .dt = dt, .sines = spec});
}

}  // namespace

TEST_CASE("one sine has its frequency, and the asked peak whatever its amplitude") {
  const auto task = sines({.amplitudes = {7}, .frequencies = {2}, .peak = 3});
  const Trial trial = task->trial(1, 0);
  REQUIRE(trial.target.n_rows == 1);
  REQUIRE(trial.target.n_cols == 2000);
  CHECK(trial.target(0, 0) == 0);
  CHECK(trial.target(0, 125) == doctest::Approx(3));  // a quarter of 500 ms
  CHECK(trial.target(0, 375) == doctest::Approx(-3));
  CHECK(trial.target(0, 542) == doctest::Approx(trial.target(0, 42)));
}

TEST_CASE("the default series is that of its source, with peak 1") {
  const Trial trial = sines()->trial(1, 0);
  CHECK(arma::abs(trial.target).max() == doctest::Approx(1).epsilon(1e-15));
  CHECK(std::abs(trial.target(0, 97)) == doctest::Approx(1).epsilon(1e-12));
  // Unscaled, 1 - 1/6 at a quarter of the period, and sqrt(1/2) (1 + 1/6) + 1/2 at an eighth.
  const double quarter = 5.0 / 6, eighth = std::sqrt(0.5) * 7 / 6 + 0.5;
  CHECK(trial.target(0, 250) / trial.target(0, 125) == doctest::Approx(quarter / eighth));
  CHECK(trial.target(0, 125) == doctest::Approx(0.9339560194417283).epsilon(1e-12));
  CHECK(trial.target(0, 875) == doctest::Approx(-trial.target(0, 125)));
}

TEST_CASE("a coarser dt samples the same series") {
  const SineSumSpec one = {.amplitudes = {1}, .frequencies = {5}};
  const Trial fine = sines(one)->trial(1, 0), coarse = sines(one, 10)->trial(1, 0);
  REQUIRE(coarse.target.n_cols == 200);
  for (const arma::uword t : {1u, 7u, 150u}) {
    CHECK(coarse.target(0, t) == doctest::Approx(fine.target(0, 10 * t)));
  }
  CHECK(coarse.response.first == 20);
}

TEST_CASE("the input is 1 all the time, or a pulse, and every trial is the same") {
  const auto constant = sines(), pulse = sines({.input = {{0, 50}}});
  CHECK(arma::all(constant->trial(1, 0).inputs.row(0) == 1.0));
  const arma::mat inputs = pulse->trial(1, 0).inputs;
  CHECK(arma::accu(inputs) == 50);
  CHECK(inputs(0, 49) == 1);
  CHECK(inputs(0, 50) == 0);
  CHECK(constant->channels() == 1);
  CHECK(constant->kinds() == 1);
  CHECK(constant->factors().empty());
  CHECK(arma::approx_equal(constant->trial(1, 0).target, constant->of_kind(0, 8, 3).target,
                           "absdiff", 0));
  CHECK(constant->trial(1, 7).kind == 0);
}

TEST_CASE("sines that cannot be are named") {
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {1}, .frequencies = {500}}),
                       doctest::Contains("below 500 Hz"), Error);
  CHECK_NOTHROW((void)sines({.amplitudes = {1}, .frequencies = {499}}));
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {1}, .frequencies = {60}}, 10),
                       doctest::Contains("below 50 Hz"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {1}, .frequencies = {0}}),
                       doctest::Contains("out of range"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {1, 2}, .frequencies = {3}}),
                       doctest::Contains("2 amplitudes, 1 frequencies"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {}, .frequencies = {}}),
                       doctest::Contains("do not pair"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {0}, .frequencies = {3}}),
                       doctest::Contains("0 throughout"), Error);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS((void)sines({.amplitudes = {1, nan}, .frequencies = {3, 4}}),
                       doctest::Contains("not finite"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.peak = 0}), doctest::Contains("above 0"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.response = {2000, 2000}}),
                       doctest::Contains("no response window"), Error);
  CHECK_THROWS_WITH_AS((void)sines({.input = {{0, 2001}}}), doctest::Contains("outlasts"), Error);
}
