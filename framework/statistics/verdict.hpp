// SPDX-License-Identifier: Apache-2.0
// What may be said of two rules. Pure: any thread.
#pragma once

#include <cstddef>
#include <optional>

#include "statistics/estimate.hpp"

namespace deltaw {

inline constexpr double significance = 0.05;

enum class Verdict { better, worse, equivalent, not_told_apart, too_few_seeds };

// "better", "worse", "equivalent", "not told apart", "too few seeds".
[[nodiscard]] const char* name(Verdict verdict);

// What is known of a rule beside another, positive where it is ahead.
struct Evidence {
  std::size_t pairs = 0;
  std::size_t pairs_needed = least_pairs;  // by the family of tests that p is adjusted for
  std::optional<double> p = {};            // adjusted
  double mean_gain = 0;                    // of paired differences, which p is about
  Share ahead = {};                        // in how many pairs
  std::optional<bool> equivalent = {};     // within a margin fixed beforehand, if there is one
};

// So few pairs can make the least of that many p values < 0.05 after Holm: 2 / 2^n times `tests`.
[[nodiscard]] std::size_t pairs_needed(std::size_t tests);

// Too few seeds where no outcome could have been significant. Equivalent where the margin holds the
// difference, even one that is significant. Better where p < 0.05 and the rule is ahead in 3 of 4
// pairs or more, with more than half inside the interval (the threshold of Bouthillier et al. 2021,
// arXiv:2103.03098); worse where the other is. Else the two are not told apart.
[[nodiscard]] Verdict verdict(const Evidence& evidence);

}  // namespace deltaw
