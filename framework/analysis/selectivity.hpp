// SPDX-License-Identifier: Apache-2.0
// Mixed selectivity: units that respond to a conjunction of two factors. Draws are keyed by
// purpose. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/recording.hpp"
#include "task/trial.hpp"

namespace deltaw {

struct SelectivitySpec {
  std::size_t permutations = 10'000;  // 1,000 or more; the least p is 1 / (permutations + 1)
  double false_discovery_rate = 0.05;
};

struct Selectivity {
  arma::mat coefficients;  // units x 4: A, B, C, D
  std::vector<double> p;   // of |C|, one a unit
  std::vector<double> q;   // the same, by false_discovery()
  double fraction = 0;     // of units with q <= the rate
};

// Of each unit's activity x, its mean over `window` in each trial, least squares
//   x = A u1 + B u2 + C u1 u2 + D,  u = -1 for level 0 of its factor and +1 for level 1,
// so that C is the XOR term (Rigotti et al. 2013, doi:10.1038/nature12160). p is the share of
// permutations of |C| at least as large (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585):
// residuals of the additive model are permuted over trials (Freedman & Lane 1983,
// doi:10.1080/07350015.1983.10509354), not the labels themselves, so that a strong A or B does not
// hide C. A unit whose residuals are but the rounding of its activity has p = 1.
// Errors: those of trials_by_kind(), with one trial of each kind at least; E403 for factors of
// unequal size, other levels than 0 and 1, or a conjunction of no kind; E405 for a conjunction of
// fewer than two trials. REQUIRES: window not empty and inside the trials, permutations >= 1000.
[[nodiscard]] Selectivity mixed_selectivity(const Recording& recording, const Levels& first,
                                            const Levels& second, const Window& window,
                                            const SelectivitySpec& spec = {});

// p values adjusted so that the share of false ones among those at most alpha is at most alpha in
// expectation (Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x), in the order
// given.
[[nodiscard]] std::vector<double> false_discovery(std::span<const double> p_values);

}  // namespace deltaw
