// SPDX-License-Identifier: Apache-2.0
// What several members say together. Pure: any thread.
#pragma once

#include <armadillo>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "ensemble/member.hpp"

namespace deltaw {

using Members = std::vector<const Member*>;  // at least one

// Throws E607 unless all are of one data set and judged by the same test samples.
void require_same_test(const Members& members);
// Why nothing can be learnt from validation data: E609 where there are none, or others for each
// member; none where all share some.
[[nodiscard]] std::optional<Error> missing_validation(const Members& members);

// The mean of the members' class probabilities on the test part: classes x samples.
[[nodiscard]] arma::mat average(const Members& members);

struct Stacked {
  arma::mat test;       // class probabilities: classes x samples
  double penalty;       // the one chosen
  std::string at_edge;  // "low" or "high" where it is the last one tried, else empty
};

// Stacked generalisation (Wolpert 1992, doi:10.1016/S0893-6080(05)80023-1): logistic regression
// on the members' class probabilities, one after another, learnt from the validation part alone.
// Its penalty, a power of the root of 10 from 1e-6 to 1, is the one with the least log-loss over
// five folds of that part (of equal ones the largest); sample k of a class is in fold k mod 5.
// Deterministic. REQUIRES: missing_validation(members) is none.
[[nodiscard]] Stacked stack(const Members& members);

}  // namespace deltaw
