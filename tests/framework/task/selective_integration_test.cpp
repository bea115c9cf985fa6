// SPDX-License-Identifier: Apache-2.0
// Golden and statistical tests of the evidence, and evidence that cannot be.
#include "task/selective_integration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"

using namespace deltaw;

namespace {

std::unique_ptr<const TrialTask> integration(const SelectiveIntegrationSpec& spec = {},
                                             double dt = 1) {
  return make_trial_task({.type = "selective-integration", .dt = dt, .integration = spec});
}

// The bias that a stream shows, without noise to speak of: the mean over the stimulus.
double mean_evidence(const Trial& trial, arma::uword stream) {
  return arma::mean(trial.inputs.submat(stream, 1, stream, 500).as_row());
}

}  // namespace

TEST_CASE("a trial of selective integration is silent, shows evidence, and asks at the end") {
  const auto task = integration();
  CHECK(task->channels() == 4);
  CHECK(task->outputs() == 1);
  CHECK(task->steps() == 700);
  const Trial trial = task->trial(1, 0);
  REQUIRE(trial.inputs.n_rows == 4);
  REQUIRE(trial.inputs.n_cols == 700);
  for (const arma::uword stream : {0u, 1u}) {
    CHECK(trial.inputs(stream, 0) == 0);
    CHECK(arma::all(trial.inputs.submat(stream, 1, stream, 500).as_row() != 0));
    CHECK(arma::all(trial.inputs.submat(stream, 501, stream, 699).as_row() == 0));
  }
  CHECK(trial.response.first == 500);
  CHECK(trial.response.last == 700);
}

TEST_CASE("the evidence of a seed is golden") {
  // Philox 4x32-10 and Box-Muller written again in Python.
  const double golden[2][3] = {{0.13408305877875198, 0.12800285400647082, -0.2747822747454599},
                               {1.6813973772170727, -0.7249721581789026, -0.06461051508713184}};
  const Trial trial = integration()->trial(1, 1);
  for (const arma::uword stream : {0u, 1u}) {
    for (const arma::uword t : {0u, 1u, 2u}) {
      CHECK(trial.inputs(stream, 1 + t) == doctest::Approx(golden[stream][t]).epsilon(1e-12));
    }
  }
  CHECK(integration()->trial(2, 0).inputs(1, 1) ==
        doctest::Approx(-0.026615835472085958).epsilon(1e-12));
  CHECK(integration()->of_kind(3, 1, 2).inputs(0, 2) ==
        doctest::Approx(0.6704510252403046).epsilon(1e-12));
}

TEST_CASE("context names the stream whose sign is the answer, and the other's sign is drawn") {
  const auto task = integration({.bias = 50});  // far above the noise
  int positive[4] = {};
  for (std::uint64_t i = 0; i < 400; ++i) {
    const Trial trial = task->trial(5, i);
    REQUIRE(trial.kind == i % 4);
    const std::string& name = task->kind_names()[trial.kind];
    const arma::uword attended = name[0] == '1' ? 0 : 1;
    const double sign = name[1] == '+' ? 1 : -1;
    CHECK(arma::all(trial.inputs.row(2 + attended) == 1.0));
    CHECK(arma::all(trial.inputs.row(3 - attended) == 0.0));
    CHECK(mean_evidence(trial, attended) == doctest::Approx(25 * sign).epsilon(0.01));
    CHECK(std::abs(mean_evidence(trial, 1 - attended)) == doctest::Approx(25).epsilon(0.01));
    CHECK(arma::all(trial.target.row(0) == sign));
    CHECK(task->factors()[0].levels[trial.kind] == (attended == 0 ? 1 : -1));
    CHECK(task->factors()[1].levels[trial.kind] == sign);
    positive[trial.kind] += mean_evidence(trial, 1 - attended) > 0;
  }
  for (const int count : positive) {  // of 100: half, within four deviations
    CHECK(count >= 30);
    CHECK(count <= 70);
  }
}

TEST_CASE("evidence has mean and variance of scale * (N(0, 1) + bias), without memory") {
  const auto task = integration();
  double sum = 0, square = 0, product = 0, across = 0;
  constexpr int trials = 400, steps = 500;
  for (std::uint64_t i = 0; i < trials; ++i) {
    const Trial trial = task->of_kind(2, 9, i);  // attends 1, negative: mean -0.25
    const arma::rowvec noise = trial.inputs.submat(0, 1, 0, steps).as_row() + 0.25;
    const arma::rowvec other = trial.inputs.submat(1, 1, 1, steps).as_row();
    sum += arma::accu(noise);
    square += arma::dot(noise, noise);
    product += arma::dot(noise.head(steps - 1), noise.tail(steps - 1));
    across += arma::dot(noise, other);
  }
  constexpr double n = trials * steps;  // 200,000
  const double deviation = 0.5 / std::sqrt(n);
  CHECK(std::abs(sum / n) < 4 * deviation);
  CHECK(square / n == doctest::Approx(0.25).epsilon(4 * std::sqrt(2 / n)));
  CHECK(std::abs(product / n) < 4 * 0.25 / std::sqrt(n));
  CHECK(std::abs(across / n) < 5 * 0.25 / std::sqrt(n));
}

TEST_CASE("evidence that cannot be is named") {
  CHECK_THROWS_WITH_AS((void)integration({.stimulus = {500, 600}}),
                       doctest::Contains("out of order"), Error);
  CHECK_THROWS_WITH_AS((void)integration({.stimulus = {1, 701}}), doctest::Contains("out of order"),
                       Error);
  CHECK_THROWS_WITH_AS((void)integration({.response = {700, 700}}),
                       doctest::Contains("no response window"), Error);
  CHECK_THROWS_WITH_AS((void)integration({.stimulus = {1, 1}}),
                       doctest::Contains("no stimulus window"), Error);
  CHECK_THROWS_WITH_AS((void)integration({}, 2), doctest::Contains("multiple of dt = 2 ms"), Error);
  CHECK_THROWS_WITH_AS((void)integration({.scale = 0}), doctest::Contains("no evidence"), Error);
  CHECK_THROWS_WITH_AS((void)integration({.bias = std::numeric_limits<double>::infinity()}),
                       doctest::Contains("no evidence"), Error);
  CHECK_THROWS_WITH_AS((void)integration({.target = {1, 1}}), doctest::Contains("no two answers"),
                       Error);
}
