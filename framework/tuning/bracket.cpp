// SPDX-License-Identifier: Apache-2.0
// A rung ends when all its runs have ended: then its trials are ranked by the median over seeds.
#include "tuning/bracket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/error.hpp"
#include "statistics/median.hpp"

namespace deltaw {
namespace {

std::size_t power(std::size_t base, std::size_t exponent) {
  std::size_t result = 1;
  for (std::size_t i = 0; i < exponent; ++i) result *= base;
  return result;
}

// How many times each can be divided by `halving` without becoming less than one, and one more.
std::size_t most_rungs(std::size_t trials, std::size_t epochs, std::size_t halving) {
  std::size_t rungs = 1;
  for (std::size_t n = std::min(trials, epochs); n >= halving; n /= halving) ++rungs;
  return rungs;
}

Merit median_of(const std::vector<Merit>& scores) {
  std::vector<double> values, ties;
  for (const Merit& score : scores) {
    values.push_back(score.value);
    ties.push_back(score.tie);
  }
  return {median(values), median(ties)};
}

}  // namespace

std::vector<Rung> rungs_of(const TuneSpec& spec, std::size_t epochs) {
  constexpr std::size_t k_usual = 3;
  std::size_t count = 1;
  if (spec.halving > 1) {
    const std::size_t most = most_rungs(spec.trials, epochs, spec.halving);
    count = spec.rungs > 0 ? spec.rungs : std::min(k_usual, most);
    if (count > most) {
      const std::size_t least = power(spec.halving, std::min<std::size_t>(count - 1, 9));
      throw Error(
          Code::E503,
          fmt::format("{} trials of {} epochs are too few for {} rungs that leave one in {}",
                      spec.trials, epochs, count, spec.halving),
          {.expected = fmt::format("at least {} trials and {} epochs", least, least),
           .hint = fmt::format("\"rungs\": {}, or more trials or epochs", most)});
    }
  }
  std::vector<Rung> rungs;
  for (std::size_t r = 0; r < count; ++r) {
    const auto share = static_cast<double>(power(spec.halving, count - 1 - r));
    const double length = std::round(static_cast<double>(epochs) / share);
    rungs.push_back({spec.trials / power(spec.halving, r), static_cast<std::size_t>(length)});
  }
  return rungs;
}

std::vector<std::size_t> ranked(const std::vector<Merit>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) { return std::tuple(-scores[i].value, -scores[i].tie, i); };
  std::ranges::sort(order, {}, key);
  return order;
}

Bracket::Bracket(std::vector<Rung> rungs, std::size_t seeds)
    : rungs_(std::move(rungs)), seeds_(seeds) {
  std::vector<std::size_t> all(rungs_.front().trials);
  std::iota(all.begin(), all.end(), std::size_t{0});
  begin_rung(std::move(all));
}

void Bracket::begin_rung(std::vector<std::size_t> trials) {
  trials_ = std::move(trials);
  std::ranges::sort(trials_);
  scores_.assign(trials_.size(), std::vector<Merit>(seeds_));
  handed_ = finished_ = 0;
}

std::optional<Bracket::Run> Bracket::next() {
  if (!has_next()) return {};
  const std::size_t run = handed_++;
  return Run{trials_[run / seeds_], rung_, run % seeds_};
}

void Bracket::finish(const Run& run, const Merit& score) {
  const auto place = std::ranges::lower_bound(trials_, run.trial) - trials_.begin();
  scores_[static_cast<std::size_t>(place)][run.seed] = score;
  if (++finished_ < trials_.size() * seeds_) return;

  std::vector<Merit> medians;
  for (const std::vector<Merit>& of_seeds : scores_) medians.push_back(median_of(of_seeds));
  const std::vector<std::size_t> order = ranked(medians);
  if (++rung_ == rungs_.size()) {
    best_ = {trials_[order.front()], medians[order.front()]};
    return;
  }
  std::vector<std::size_t> promoted;
  for (std::size_t i = 0; i < rungs_[rung_].trials; ++i) promoted.push_back(trials_[order[i]]);
  begin_rung(std::move(promoted));
}

std::size_t Bracket::epochs_left() const {
  if (is_over()) return 0;
  std::size_t epochs = (trials_.size() * seeds_ - handed_) * rungs_[rung_].epochs;
  for (std::size_t r = rung_ + 1; r < rungs_.size(); ++r) {
    epochs += rungs_[r].trials * seeds_ * rungs_[r].epochs;
  }
  return epochs;
}

}  // namespace deltaw
