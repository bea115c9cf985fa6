// SPDX-License-Identifier: Apache-2.0
// What two sets of answers to the same questions differ by. Pure: any thread.
#pragma once

#include <cstddef>
#include <span>

namespace deltaw {

struct Difference {
  double mean = 0, low = 0, high = 0;
};

// The mean of differences in -1 .. 1, one a question. Its interval is the adjusted Wald interval of
// Bonett and Price 2012 (doi:10.3102/1076998611411915), which adds one question to either side: so
// it has a width where all differences are 0. Theirs are of right and wrong answers (-1, 0, 1);
// here they may also lie between, as beside the mean of several sets. REQUIRES: not empty.
[[nodiscard]] Difference paired_difference(std::span<const double> differences,
                                           double level = 0.95);

// Two-sided p of McNemar's exact test (1947, doi:10.1007/BF02295996) that either set is as often
// right where the other is wrong; 1 where they never differ.
[[nodiscard]] double mcnemar_p(std::size_t only_first, std::size_t only_second);

}  // namespace deltaw
