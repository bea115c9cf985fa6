// SPDX-License-Identifier: Apache-2.0
// A trial in pieces: what a rule observes on a second thread is the trial that it would be shown
// whole.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "tiny_trials.hpp"
#include "training/observer.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::uint64_t k_seen =
    bits({DELTAW_PRE, DELTAW_POST, DELTAW_POTENTIAL, DELTAW_WEIGHTS}) | k_reward | k_noise;

std::vector<Shown> shown_in(std::size_t pieces, bool observes, const char* reward = "delayed") {
  const TinyTask task;
  TrainingSpec training = tiny_training();
  training.pieces = pieces;
  training.reward.type = reward;
  DriveSpec drive = watch(k_seen);
  watcher.observes = observes;
  TrialTrainer<double> trainer(tiny_network(), training, {drive}, task, 1);
  for (int i = 0; i < 3; ++i) (void)trainer.train_trial();
  return watcher.shown;
}

}  // namespace

TEST_CASE("pieces are consecutive, and together they are the trial") {
  const std::vector<Shown> whole = shown_in(1, true), pieces = shown_in(3, true);
  REQUIRE(whole.size() == 3);
  REQUIRE(pieces.size() == 9);
  for (std::size_t trial = 0; trial < 3; ++trial) {
    std::uint64_t step = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const Shown& piece = pieces[3 * trial + i];
      CHECK(piece.index == trial);
      CHECK(piece.step == step);
      CHECK(piece.columns >= 13);
      for (const std::uint32_t s :
           {DELTAW_PRE, DELTAW_POST, DELTAW_POTENTIAL, DELTAW_PERTURBATION}) {
        const arma::mat part = whole[trial][s].cols(step, step + piece.columns - 1);
        CHECK(arma::approx_equal(piece[s], part, "absdiff", 1e-14));
      }
      CHECK(piece[DELTAW_WEIGHTS].n_cols == 6);
      step += piece.columns;
      // What the trial earned is known at its end.
      CHECK(piece[DELTAW_REWARD].n_elem == (i == 2 ? 1 : 0));
    }
    CHECK(step == 40);
    CHECK(pieces[3 * trial + 2][DELTAW_REWARD][0] ==
          doctest::Approx(whole[trial][DELTAW_REWARD][0]).epsilon(1e-14));
  }
}

TEST_CASE("a rule that cannot observe is shown trials whole; rewards of steps allow no pieces") {
  CHECK(shown_in(3, false).size() == 3);
  CHECK_THROWS_WITH_AS(shown_in(3, true, "instantaneous"), doctest::Contains("E503"), Error);
}

TEST_CASE("what fails while observing is thrown when the pieces are finished") {
  int seen = 0;
  Observer observer([&](const Window& piece) {
    ++seen;
    if (piece.first == 5) throw Error(Code::E301, "refused");
  });
  observer.show({0, 5});
  observer.finish();
  observer.show({5, 10});
  observer.show({10, 15});
  CHECK_THROWS_AS(observer.finish(), Error);
  CHECK(seen == 3);
  observer.finish();
}
