// SPDX-License-Identifier: Apache-2.0
// Populations as points: a plane that keeps their distances, and how a factor groups them. Pure
// functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>

#include "analysis/recording.hpp"

namespace deltaw {

struct ScaledPoints {
  arma::mat points;       // dimensions x points, centred; each axis's largest value is positive
  arma::vec eigenvalues;  // of all axes, largest first: how much of the distances each holds
};

// n x n: Euclidean distances between the columns of `points`.
[[nodiscard]] arma::mat distances(const arma::mat& points);

// Classical multidimensional scaling (Torgerson 1952, doi:10.1007/BF02288916): the points whose
// inner products are nearest to those of the doubly centred squared distances. Axes beyond the rank
// are 0. REQUIRES: `distances` square and symmetric, of `dimensions` points or more.
[[nodiscard]] ScaledPoints classical_scaling(const arma::mat& distances,
                                             std::size_t dimensions = 2);

// Mean distance between points of different levels over that between points of the same level:
// above 1 when the factor separates them, 1 when all distances are 0. Errors: E205 unless there is
// one level for each point; E405 when no two points share a level, or none differ.
[[nodiscard]] double group_distance_ratio(const arma::mat& distances, const Levels& level);

}  // namespace deltaw
