// SPDX-License-Identifier: Apache-2.0
// How a network forgets a single perturbation. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <optional>

#include "task/trial.hpp"

namespace deltaw {

struct Relaxation {
  arma::vec distance;  // Euclidean over units, one a step
  // Milliseconds in which the distance falls by e; negative when it grows, infinite when it stays.
  // Empty when fewer than two steps of the window have a distance above 0.
  std::optional<double> time;
};

// Of the same trial, units x steps, with one perturbation and without; a step is dt ms long. The
// time is that of the straight line through log distance over the steps of `fit` (least squares),
// which has to leave out the steps before the perturbation. Error: E205 for unequal shapes.
// REQUIRES: fit not empty and inside the trial, dt > 0.
[[nodiscard]] Relaxation relaxation(const arma::fmat& perturbed, const arma::fmat& clean,
                                    const Window& fit, double dt = 1);

}  // namespace deltaw
