// SPDX-License-Identifier: Apache-2.0
// Rewards of every type and what is expected of them, as a rule is shown them, against a simulation
// in scalars.
#include "training/trial_reward.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "error_of.hpp"
#include "tiny_trials.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// What each of `trials` trials looked like: as shown, as the task made it, and by hand with noise
// and without.
struct Seen {
  Shown shown;
  Trial trial;
  Course noisy, clean;
};

std::vector<Seen> watched(const RewardSpec& reward, std::size_t trials) {
  const TinyTask task;
  TrainingSpec training = tiny_training();
  training.reward = reward;
  TrialTrainer<double> trainer(tiny_network(), training, {watch(k_activity | k_reward | k_noise)},
                               task, 1);
  const auto weights = weights_of(trainer.network());
  std::vector<Seen> seen;
  for (std::size_t i = 0; i < trials; ++i) {
    trainer.train_trial();
    const Shown& shown = watcher.shown.back();
    const Trial trial = task.trial(1, i);
    const arma::vec start = start_of(shown);
    seen.push_back(
        {shown, trial,
         simulate(weights[1], weights[0], trial.inputs, start, shown[DELTAW_PERTURBATION], 2),
         simulate(weights[1], weights[0], trial.inputs, start, {}, 2)});
  }
  return seen;
}

// Every step of a reward that is given at some: the error there, and a mean of its own.
void check_steps(const RewardSpec& reward, const std::function<bool(std::size_t)>& is_given) {
  std::vector<arma::vec> means(2, arma::vec(40, arma::fill::zeros));
  for (const Seen& seen : watched(reward, 5)) {
    const arma::mat &rewards = seen.shown[DELTAW_REWARD], &baselines = seen.shown[DELTAW_BASELINE];
    REQUIRE(rewards.n_rows == 1);
    REQUIRE(rewards.n_cols == 40);
    REQUIRE(baselines.n_cols == 40);
    for (std::size_t t = 0; t < 40; ++t) {
      CAPTURE(t);
      if (!is_given(t)) {
        CHECK(std::isnan(rewards(t)));
        continue;
      }
      const double by_hand = reward.offset - error_between(seen.noisy, seen.trial, t, t + 1);
      double& mean = means[seen.trial.kind][t];
      CHECK(rewards(t) == doctest::Approx(by_hand));
      CHECK(baselines(t) == doctest::Approx(mean));
      mean = reward.decay * mean + (1 - reward.decay) * by_hand;
    }
  }
}

}  // namespace

TEST_CASE("an instantaneous reward is told at every step of the response window and at no other") {
  check_steps({.type = "instantaneous", .offset = 0.5, .decay = 0.5},
              [](std::size_t t) { return t >= 28 && t < 38; });
}

TEST_CASE("a sporadic reward is told after every so many ms of the response window") {
  // Every 6 ms are 3 steps of 2 ms: after 3, 6 and 9 of the window's 10.
  check_steps({.type = "sporadic", .every = 6},
              [](std::size_t t) { return t == 30 || t == 33 || t == 36; });
}

TEST_CASE("a clean baseline is the reward of the same trial without noise") {
  for (const char* type : {"delayed", "instantaneous"}) {
    CAPTURE(type);
    bool is_different = false;
    for (const Seen& seen : watched({.type = type, .offset = 1, .baseline = "clean"}, 4)) {
      const bool is_delayed = std::string(type) == "delayed";
      const std::size_t at = is_delayed ? 0 : 35;
      const std::size_t first = is_delayed ? 28 : 35, last = is_delayed ? 38 : 36;
      const double noisy = 1 - error_between(seen.noisy, seen.trial, first, last);
      const double clean = 1 - error_between(seen.clean, seen.trial, first, last);
      CHECK(seen.shown[DELTAW_REWARD](at) == doctest::Approx(noisy));
      CHECK(seen.shown[DELTAW_BASELINE](at) == doctest::Approx(clean));
      is_different = is_different || std::abs(noisy - clean) > 1e-3;
    }
    CHECK(is_different);
  }
}

TEST_CASE("the expected reward is the mean of earlier trials of its own kind, from 0") {
  const RewardSpec spec{.decay = 0.75};
  TrialReward<double> reward(spec, 2, 1);
  CHECK_FALSE(reward.needs_clean_pass());
  CHECK(reward.count(1000) == 1);
  const auto expected = [&](std::uint32_t kind) {
    double value = NAN;
    reward.expect(kind, 1, &value);
    return value;
  };
  const double good = -0.5, bad = -1;
  CHECK(expected(1) == 0);
  reward.learn(1, &bad, 1);
  CHECK(expected(1) == -0.25);
  reward.learn(1, &good, 1);
  CHECK(expected(1) == -0.3125);  // 0.75 * -0.25 + 0.25 * -0.5
  CHECK(expected(0) == 0);
}

TEST_CASE("rewards that are unknown or not finite are refused") {
  const auto text_of = [](const RewardSpec& spec) {
    return error_of([&] { TrialReward<double>(spec, 1, 1); }).text();
  };
  CHECK(text_of({.type = "delay"}) ==
        "error[E503] no reward 'delay'\n  try: did you mean 'delayed'? known: delayed, "
        "instantaneous, "
        "sporadic");
  CHECK(text_of({.baseline = "meen"}) ==
        "error[E503] no baseline 'meen'\n  try: did you mean 'mean'? known: mean, clean, none");

  const TrialReward<float> huge({.offset = 1e300}, 1, 1);
  const arma::fmat post(1, 4, arma::fill::zeros), target(1, 4, arma::fill::ones);
  float out = 0;
  const Error error = error_of([&] { huge.give(post, target, {1, 3}, &out); });
  CHECK(error.code() == Code::E304);
  CHECK(error.headline() == "the reward of a trial became inf");
}
