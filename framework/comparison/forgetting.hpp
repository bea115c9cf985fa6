// SPDX-License-Identifier: Apache-2.0
// What a sequence of contexts did to a learner, from its matrix of accuracies. Pure functions: any
// thread.
#pragma once

#include <armadillo>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

// `accuracy` is (contexts + 1) x contexts: row t is of the test parts of all contexts after t
// contexts were learnt, row 0 before any was. With T contexts, R[t][i] counted from 1, row 0 b:
//   "learning_accuracy"   mean of R[i][i]: of each context when it was just learnt
//   "backward_transfer"   mean over i < T of R[T][i] - R[i][i]
//   "forward_transfer"    mean over i > 1 of R[i-1][i] - b[i]
//                         (Lopez-Paz & Ranzato 2017, arXiv:1706.08840; their ACC is mean R[T][i])
//   "forgetting"          mean over i < T of max over 1 <= t < T of R[t][i] - R[T][i]
//   "intransigence"       mean of joint[i] - R[i][i], where joint[i] is that of a network that
//                         learnt contexts 1 .. i together; left out where `joint` is empty
//                         (Chaudhry et al. 2018, arXiv:1801.10112)
// Of one context transfers and forgetting are empty. REQUIRES: T >= 1, joint empty or of size T.
[[nodiscard]] std::map<std::string, std::optional<double>> measure_forgetting(
    const arma::mat& accuracy, const std::vector<double>& joint);

}  // namespace deltaw
