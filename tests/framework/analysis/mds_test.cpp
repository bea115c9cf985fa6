// SPDX-License-Identifier: Apache-2.0
#include "analysis/mds.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "error_of.hpp"

using namespace deltaw;
using doctest::Approx;

TEST_CASE("a plane inside a space of many dimensions keeps its distances") {
  Random random(2, "test");
  arma::mat plane(2, 12), spread(40, 2), offset(40, 1);
  for (arma::mat* matrix : {&plane, &spread, &offset}) {
    matrix->imbue([&] { return random.normal(); });
  }
  const arma::mat axes = arma::orth(spread);
  const arma::mat points = axes * plane + offset * arma::ones(1, 12);
  const ScaledPoints found = classical_scaling(distances(points));
  CHECK(arma::abs(distances(found.points) - distances(plane)).max() < 1e-10);
  CHECK(arma::norm(arma::sum(found.points, 1)) < 1e-10);
  CHECK(found.eigenvalues[0] >= found.eigenvalues[1]);
  CHECK(arma::abs(found.eigenvalues.rows(2, 11)).max() < 1e-10);
}

TEST_CASE("a hand-worked rectangle lies along its axes") {
  const arma::mat corners = {{0, 4, 0, 4}, {0, 0, 2, 2}};
  const ScaledPoints found = classical_scaling(distances(corners));
  CHECK(found.eigenvalues[0] == Approx(16));
  CHECK(found.eigenvalues[1] == Approx(4));
  CHECK(arma::abs(found.points.row(0)).max() == Approx(2));
  CHECK(arma::abs(found.points.row(0)).min() == Approx(2));
  CHECK(arma::abs(found.points.row(1)).max() == Approx(1));
}

TEST_CASE("of points on a line the second axis is 0") {
  const ScaledPoints found = classical_scaling(distances(arma::mat{{0, 1, 5}}));
  CHECK(found.points(0, 2) == Approx(3));
  CHECK(found.points(0, 0) == Approx(-2));
  CHECK(arma::abs(found.points.row(1)).max() < 1e-7);
}

TEST_CASE("distances between and within groups of a hand-worked rectangle") {
  const arma::mat corners = distances(arma::mat{{0, 4, 0, 4}, {0, 0, 2, 2}});
  const double diagonal = std::sqrt(20.0);
  CHECK(group_distance_ratio(corners, {0, 1, 0, 1}) == Approx((2 * 4 + 2 * diagonal) / 4 / 2));
  CHECK(group_distance_ratio(corners, {0, 0, 1, 1}) == Approx((2 * 2 + 2 * diagonal) / 4 / 4));
}

TEST_CASE("groups without distance inside, or anywhere, and groupings that are none") {
  const arma::mat two = distances(arma::mat{{0, 0, 1}});
  CHECK(group_distance_ratio(two, {0, 0, 1}) == std::numeric_limits<double>::infinity());
  CHECK(group_distance_ratio(arma::mat(3, 3, arma::fill::zeros), {0, 0, 1}) == 1);
  CHECK(error_of([&] { (void)group_distance_ratio(two, {0, 0, 0}); }).code() == Code::E405);
  CHECK(error_of([&] { (void)group_distance_ratio(two, {0, 1, 2}); }).code() == Code::E405);
  const Error error = error_of([&] { (void)group_distance_ratio(two, {0, 1}); });
  CHECK(error.code() == Code::E205);
  CHECK(error.detail().expected == "3 levels");
}
