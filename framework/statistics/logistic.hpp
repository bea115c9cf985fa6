// SPDX-License-Identifier: Apache-2.0
// Multinomial logistic regression with an L2 penalty. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <span>

namespace deltaw {

// p(class | x) = softmax(W [x; 1]).
struct Logistic {
  arma::mat coefficients;  // W: classes x (features + 1), the last column the bias
};

// Minimises mean(-log p(label | x)) + penalty / 2 * the sum of all squared coefficients but the
// biases, until no derivative is beyond 1e-9 (but for rounding). `features` are features x samples.
// Starts at `start`, where it is given. REQUIRES: penalty > 0, one label below `classes` a sample,
// samples.
[[nodiscard]] Logistic fit_logistic(const arma::mat& features,
                                    std::span<const std::uint32_t> labels, std::size_t classes,
                                    double penalty, const Logistic& start = {});

// classes x samples.
[[nodiscard]] arma::mat probabilities(const Logistic& model, const arma::mat& features);

}  // namespace deltaw
