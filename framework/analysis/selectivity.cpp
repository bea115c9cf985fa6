// SPDX-License-Identifier: Apache-2.0
// The XOR coefficient of residuals permuted over trials is a row vector times them: all
// permutations and units are one matrix product.
#include "analysis/selectivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/ascending.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr arma::uword conjunction = 2;  // column of u1 u2

// trials x 4: u1, u2, u1 u2, 1.
arma::mat design(const Recording& recording, const Levels& first, const Levels& second) {
  const auto sign = [](std::uint32_t level) { return level == 1 ? 1.0 : -1.0; };
  arma::mat rows(recording.kind.size(), 4, arma::fill::ones);
  for (arma::uword trial = 0; trial < rows.n_rows; ++trial) {
    rows(trial, 0) = sign(first[recording.kind[trial]]);
    rows(trial, 1) = sign(second[recording.kind[trial]]);
    rows(trial, conjunction) = rows(trial, 0) * rows(trial, 1);
  }
  return rows;
}

void check(const Recording& recording, const Levels& first, const Levels& second) {
  if (first.size() != second.size() || first.empty()) {
    throw Error(Code::E403, "two factors need one level for each kind of trial",
                {.found = fmt::format("{} and {} levels", first.size(), second.size())});
  }
  const auto by_kind = trials_by_kind(recording, first.size(), 1);
  std::size_t trials[2][2] = {};
  bool exists[2][2] = {};
  for (std::size_t kind = 0; kind < first.size(); ++kind) {
    if (first[kind] > 1 || second[kind] > 1) {
      throw Error(Code::E403, fmt::format("kind {} has a level that is neither 0 nor 1", kind),
                  {.found = fmt::format("levels {} and {}", first[kind], second[kind])});
    }
    exists[first[kind]][second[kind]] = true;
    trials[first[kind]][second[kind]] += by_kind[kind].size();
  }
  for (const std::size_t a : {0u, 1u}) {
    for (const std::size_t b : {0u, 1u}) {
      if (!exists[a][b]) {
        throw Error(Code::E403, "two factors must cross: one conjunction of levels has no kind",
                    {.found = fmt::format("none of levels {} and {}", a, b)});
      }
      if (trials[a][b] < 2) {
        throw Error(Code::E405,
                    fmt::format("too few trials of levels {} and {} were recorded", a, b),
                    {.expected = "2 or more",
                     .found = fmt::format("{}", trials[a][b]),
                     .hint = "record more trials of each kind"});
      }
    }
  }
}

// trials x units: mean over the window.
arma::mat responses(const Recording& recording, const Window& window) {
  arma::mat rows(recording.activity.size(), recording.activity.front().n_rows);
  for (arma::uword trial = 0; trial < rows.n_rows; ++trial) {
    const arma::mat activity = arma::conv_to<arma::mat>::from(
        recording.activity[trial].cols(window.first, window.last - 1));
    rows.row(trial) = arma::mean(activity, 1).t();
  }
  return rows;
}

// How often the |C| of permuted residuals is at least `observed`, one count a unit. `solve` gives C
// from the activity over trials.
std::vector<std::size_t> count_extremes(const arma::mat& residuals, const arma::rowvec& solve,
                                        const arma::rowvec& observed, std::size_t permutations) {
  constexpr std::size_t block = 500;
  std::vector<std::size_t> counts(residuals.n_cols);
  Random random(0, "selectivity permutations");
  for (std::size_t done = 0; done < permutations; done += block) {
    arma::mat permuted(std::min(block, permutations - done), residuals.n_rows);
    for (arma::uword row = 0; row < permuted.n_rows; ++row) {
      const std::vector<std::size_t> order = random.permutation(residuals.n_rows);
      for (arma::uword trial = 0; trial < order.size(); ++trial) {
        permuted(row, trial) = solve[order[trial]];
      }
    }
    const arma::mat coefficients = arma::abs(permuted * residuals);
    for (arma::uword unit = 0; unit < residuals.n_cols; ++unit) {
      // A permutation that leaves C as it is gives it up to rounding.
      counts[unit] += arma::accu(coefficients.col(unit) >= observed[unit] * (1 - 1e-12));
    }
  }
  return counts;
}

}  // namespace

Selectivity mixed_selectivity(const Recording& recording, const Levels& first, const Levels& second,
                              const Window& window, const SelectivitySpec& spec) {
  constexpr double precision_of_float = 1e-6;
  check(recording, first, second);
  assert(window.size() > 0 && window.last <= recording.activity.front().n_cols);
  assert(spec.permutations >= 1000);
  const arma::mat full = design(recording, first, second);
  arma::mat additive = full;
  additive.shed_col(conjunction);
  const arma::mat activity = responses(recording, window);
  const arma::mat solve = arma::pinv(full);
  const arma::mat residuals = activity - additive * (arma::pinv(additive) * activity);

  Selectivity result;
  result.coefficients = (solve * activity).t();
  const arma::rowvec observed = arma::abs(result.coefficients.col(conjunction).t());
  const std::vector<std::size_t> counts =
      count_extremes(residuals, solve.row(conjunction), observed, spec.permutations);
  for (arma::uword unit = 0; unit < activity.n_cols; ++unit) {
    const bool is_exact =
        arma::norm(residuals.col(unit)) <= precision_of_float * arma::norm(activity.col(unit));
    result.p.push_back(is_exact ? 1
                                : static_cast<double>(counts[unit] + 1) /
                                      static_cast<double>(spec.permutations + 1));
  }
  result.q = false_discovery(result.p);
  const auto significant =
      std::ranges::count_if(result.q, [&](double q) { return q <= spec.false_discovery_rate; });
  result.fraction = static_cast<double>(significant) / static_cast<double>(result.q.size());
  return result;
}

std::vector<double> false_discovery(std::span<const double> p_values) {
  const std::size_t n = p_values.size();
  const std::vector<std::size_t> order = ascending(p_values);
  std::vector<double> adjusted(n);
  double least = 1;
  for (std::size_t rank = n; rank > 0; --rank) {
    const std::size_t place = order[rank - 1];
    least = std::min(least, p_values[place] * static_cast<double>(n) / static_cast<double>(rank));
    adjusted[place] = least;
  }
  return adjusted;
}

}  // namespace deltaw
