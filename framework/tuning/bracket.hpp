// SPDX-License-Identifier: Apache-2.0
// Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943; Li et al. 2018,
// arXiv:1603.06560): all trials get few epochs, the best of them more, the best of these all. One
// thread at a time.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "experiment/tune_spec.hpp"

namespace deltaw {

struct Rung {
  std::size_t trials, epochs;
};

// From the first to the last, of `epochs` at most: trials divided by `halving` from rung to rung,
// rounded down, and epochs multiplied, rounded to whole ones. Error: E503 when trials or epochs are
// too few for the rungs that are asked for.
[[nodiscard]] std::vector<Rung> rungs_of(const TuneSpec& spec, std::size_t epochs);

// How good a run or a trial is: more is better, compared by the value, then by `tie`.
struct Merit {
  double value = worst, tie = worst;

  static constexpr double worst = -std::numeric_limits<double>::infinity();  // it diverged
};

// Indices, best first; what is equally good stays in order.
[[nodiscard]] std::vector<std::size_t> ranked(const std::vector<Merit>& scores);

// One arm's way through the rungs. Which trial goes on depends on scores alone, not on the order in
// which runs end.
class Bracket {
 public:
  // One run: a trial, at a rung, with one of the seeds.
  struct Run {
    std::size_t trial, rung, seed;
    auto operator<=>(const Run&) const = default;
  };

  Bracket(std::vector<Rung> rungs, std::size_t seeds);

  // Hands out the next run; none where all of this rung are handed out, and after the last.
  [[nodiscard]] std::optional<Run> next();
  // REQUIRES: `run` was handed out and is not finished.
  void finish(const Run& run, const Merit& score);

  [[nodiscard]] bool is_over() const { return rung_ == rungs_.size(); }
  [[nodiscard]] bool has_next() const { return !is_over() && handed_ < trials_.size() * seeds_; }
  // Of runs that are not handed out yet, in this rung and those after it.
  [[nodiscard]] std::size_t epochs_left() const;

  // Of the last rung; medians over seeds. REQUIRES: it is over.
  struct Best {
    std::size_t trial;
    Merit score;
  };
  [[nodiscard]] const Best& best() const { return *best_; }

 private:
  void begin_rung(std::vector<std::size_t> trials);

  std::vector<Rung> rungs_;
  std::size_t seeds_, rung_ = 0, handed_ = 0, finished_ = 0;
  std::vector<std::size_t> trials_;         // of this rung, ascending
  std::vector<std::vector<Merit>> scores_;  // of each of them, by seed
  std::optional<Best> best_;
};

}  // namespace deltaw
