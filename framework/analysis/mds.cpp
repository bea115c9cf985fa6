// SPDX-License-Identifier: Apache-2.0
// Distances, their eigenvectors and their means.
#include "analysis/mds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace deltaw {

arma::mat distances(const arma::mat& points) {
  arma::mat result(points.n_cols, points.n_cols, arma::fill::zeros);
  for (arma::uword a = 0; a < points.n_cols; ++a) {
    for (arma::uword b = 0; b < a; ++b) {
      result(a, b) = result(b, a) = arma::norm(points.col(a) - points.col(b));
    }
  }
  return result;
}

ScaledPoints classical_scaling(const arma::mat& distances, std::size_t dimensions) {
  assert(distances.is_square() && distances.n_rows >= dimensions);
  arma::mat products = -0.5 * arma::square(distances);
  products.each_col() -= arma::mean(products, 1).eval();
  products.each_row() -= arma::mean(products, 0).eval();
  arma::mat vectors;
  ScaledPoints result;
  arma::eig_sym(result.eigenvalues, vectors, arma::symmatu(products));
  result.eigenvalues = arma::reverse(result.eigenvalues);
  result.points.set_size(dimensions, distances.n_rows);
  for (arma::uword axis = 0; axis < dimensions; ++axis) {
    const arma::vec vector = vectors.col(vectors.n_cols - 1 - axis);
    const double sign = vector[arma::index_max(arma::abs(vector))] < 0 ? -1 : 1;
    const double length = std::sqrt(std::max(0.0, result.eigenvalues[axis]));
    result.points.row(axis) = sign * length * vector.t();
  }
  return result;
}

double group_distance_ratio(const arma::mat& distances, const Levels& level) {
  if (level.size() != distances.n_cols) {
    throw Error(Code::E205, "a grouping needs one level for each point",
                {.expected = fmt::format("{} levels", distances.n_cols),
                 .found = fmt::format("{}", level.size())});
  }
  double sum[2] = {0, 0};  // of different levels, of the same
  std::size_t pairs[2] = {0, 0};
  for (std::size_t a = 0; a < level.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const bool is_within = level[a] == level[b];
      sum[is_within] += distances(a, b);
      ++pairs[is_within];
    }
  }
  if (pairs[0] == 0 || pairs[1] == 0) {
    throw Error(Code::E405, "too few points to compare distances between and within groups",
                {.expected = "two points of one level, and one of another",
                 .found = fmt::format("levels {}", fmt::join(level, ", "))});
  }
  if (sum[0] == 0 && sum[1] == 0) return 1;
  if (sum[1] == 0) return std::numeric_limits<double>::infinity();
  return sum[0] / static_cast<double>(pairs[0]) / (sum[1] / static_cast<double>(pairs[1]));
}

}  // namespace deltaw
