// SPDX-License-Identifier: Apache-2.0
#include "statistics/verdict.hpp"

#include <doctest/doctest.h>

#include <string>

#include "statistics/share.hpp"

using namespace deltaw;

namespace {

// Of ten pairs, so many ahead, with p and the sign of the mean difference.
Verdict of(double ahead, std::optional<double> p, double mean) {
  return verdict({.pairs = 10, .p = p, .mean_gain = mean, .ahead = wilson(ahead, 10)});
}

}  // namespace

TEST_CASE("so many pairs can make a family of tests significant") {
  CHECK(pairs_needed(1) == least_pairs);  // 2 / 2^6 = 0.031, 2 / 2^5 = 0.063
  CHECK(pairs_needed(2) == 7);            // 4 / 2^7 = 0.031
  CHECK(pairs_needed(15) == 10);          // 30 / 2^10 = 0.029
  CHECK(pairs_needed(36) == 11);
  CHECK(pairs_needed(190) == 13);  // 20 rules: 380 / 2^13 = 0.046
}

TEST_CASE("better is significant, in 3 of 4 pairs or more, and in more than half for sure") {
  CHECK(of(9, 0.01, 1) == Verdict::better);
  CHECK(of(1, 0.01, -1) == Verdict::worse);
  CHECK(of(9, 0.05, 1) == Verdict::not_told_apart);
  CHECK(of(8, 0.01, 1) == Verdict::not_told_apart);  // 0.80 [0.49, 0.94]
  CHECK(of(9, 0.01, -1) == Verdict::not_told_apart);
  CHECK(of(9, std::nullopt, 1) == Verdict::not_told_apart);
  // 21 of 30: 0.70 [0.52, 0.83].
  CHECK(verdict({.pairs = 30, .p = 0.01, .mean_gain = 1, .ahead = wilson(21, 30)}) ==
        Verdict::not_told_apart);
}

TEST_CASE("within the margin rules are equivalent, however sure the difference") {
  Evidence evidence{
      .pairs = 10, .p = 0.002, .mean_gain = 1, .ahead = wilson(10, 10), .equivalent = true};
  CHECK(verdict(evidence) == Verdict::equivalent);
  evidence.equivalent = false;
  CHECK(verdict(evidence) == Verdict::better);
}

TEST_CASE("where no outcome could be significant, the seeds are too few") {
  Evidence evidence{.pairs = 5, .ahead = wilson(5, 5)};
  CHECK(verdict(evidence) == Verdict::too_few_seeds);
  CHECK(name(verdict(evidence)) == std::string("too few seeds"));
  evidence = {.pairs = 10, .pairs_needed = 11, .p = 0.07, .mean_gain = 1, .ahead = wilson(10, 10)};
  CHECK(verdict(evidence) == Verdict::too_few_seeds);
}
