// SPDX-License-Identifier: Apache-2.0
#include "tuning/bracket.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "error_of.hpp"

using namespace deltaw;

namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs rungs(const TuneSpec& spec, std::size_t epochs) {
  Pairs pairs;
  for (const Rung& rung : rungs_of(spec, epochs)) pairs.emplace_back(rung.trials, rung.epochs);
  return pairs;
}

std::vector<std::size_t> trials_of(const std::vector<Bracket::Run>& runs) {
  std::vector<std::size_t> trials;
  for (const Bracket::Run& run : runs) trials.push_back(run.trial);
  return trials;
}

std::vector<Bracket::Run> take_all(Bracket& bracket) {
  std::vector<Bracket::Run> runs;
  while (const auto run = bracket.next()) runs.push_back(*run);
  return runs;
}

}  // namespace

TEST_CASE("rungs divide trials and multiply epochs") {
  CHECK(rungs({.trials = 27, .halving = 3}, 60) == Pairs{{27, 7}, {9, 20}, {3, 60}});
  CHECK(rungs({.trials = 16, .halving = 2, .rungs = 4}, 8) ==
        Pairs{{16, 1}, {8, 2}, {4, 4}, {2, 8}});
  CHECK(rungs({.trials = 7, .halving = 3}, 100) == Pairs{{7, 33}, {2, 100}});
  CHECK(rungs({.trials = 27, .halving = 3}, 2) == Pairs{{27, 2}});
  CHECK(rungs({.trials = 5, .halving = 1}, 9) == Pairs{{5, 9}});
}

TEST_CASE("a budget that is too small for its rungs is refused with what it takes") {
  const Error error = error_of([] { (void)rungs({.trials = 8, .halving = 3, .rungs = 3}, 60); });
  CHECK(error.code() == Code::E503);
  CHECK(error.detail().expected == "at least 9 trials and 9 epochs");
  CHECK(error_of([] { (void)rungs({.trials = 27, .halving = 3, .rungs = 3}, 8); }).code() ==
        Code::E503);
}

TEST_CASE("trials are ranked by value, then by the tie, then by their order") {
  const double worst = Merit::worst;
  const std::vector<Merit> scores = {{0.5, -2}, {0.9, -3}, {worst, worst},
                                     {0.9, -1}, {0.5, -2}, {worst, -7}};
  CHECK(ranked(scores) == std::vector<std::size_t>{3, 1, 0, 4, 5, 2});
}

TEST_CASE("the best third of the medians goes on, whatever the order in which runs end") {
  // Six trials, two seeds, one in three goes on: by hand.
  const std::vector<std::pair<double, double>> values = {
      {0.1, 0.2}, {0.8, 0.6}, {0.9, 0.1}, {0.7, 0.75}, {Merit::worst, 1}, {0.3, 0.3}};
  for (const bool is_reversed : {false, true}) {
    Bracket bracket({{6, 2}, {2, 6}}, 2);
    CHECK(bracket.epochs_left() == 6 * 2 * 2 + 2 * 2 * 6);
    std::vector<Bracket::Run> runs = take_all(bracket);
    REQUIRE(runs.size() == 12);
    CHECK(runs[0].trial == 0);
    CHECK(runs[11].trial == 5);
    CHECK(bracket.epochs_left() == 2 * 2 * 6);
    CHECK_FALSE(bracket.is_over());
    if (is_reversed) std::ranges::reverse(runs);
    for (const Bracket::Run& run : runs) {
      CHECK_FALSE(bracket.has_next());
      const auto& [first, second] = values[run.trial];
      bracket.finish(run, {run.seed == 0 ? first : second, 0});
    }
    // Medians 0.15, 0.7, 0.5, 0.725, none (half of it diverged), 0.3.
    std::vector<Bracket::Run> last = take_all(bracket);
    CHECK(trials_of(last) == std::vector<std::size_t>{1, 1, 3, 3});
    CHECK(last[0].rung == 1);
    for (const Bracket::Run& run : last) bracket.finish(run, {run.trial == 1 ? 0.4 : 0.3, 0});
    CHECK(bracket.is_over());
    CHECK(bracket.best().trial == 1);
    CHECK(bracket.best().score.value == 0.4);
    CHECK_FALSE(bracket.next().has_value());
    CHECK(bracket.epochs_left() == 0);
  }
}
