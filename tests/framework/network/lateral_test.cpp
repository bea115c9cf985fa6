// SPDX-License-Identifier: Apache-2.0
// Lateral connections against inverses and against the fixed point that they stand for.
#include "network/lateral.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "core/error.hpp"
#include "count_allocations.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

LateralSpec given(const arma::mat& L) {
  LateralSpec spec;
  for (arma::uword i = 0; i < L.n_rows; ++i) {
    spec.weights.push_back(arma::conv_to<std::vector<double>>::from(L.row(i)));
  }
  return spec;
}

arma::mat uniform(double strength, arma::uword units) {
  arma::mat L(units, units, arma::fill::value(strength));
  L.diag().zeros();
  return L;
}

std::string refusal(const LateralSpec& spec, std::size_t units) {
  try {
    check_lateral(spec, units);
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

template <class T>
double distance(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return static_cast<double>(arma::abs(a - b).max());
}

// Where drive settles, and where a gradient comes from, by L as a matrix.
template <class T>
void check_both_ways(const LateralSpec& spec, const arma::mat& L, double tolerance) {
  const arma::uword n = L.n_rows;
  const Lateral<T> lateral(spec, n);
  const arma::Mat<T> drive = gaussian<T>(n, 7, "drive");
  const arma::mat wide = arma::conv_to<arma::mat>::from(drive);
  const arma::mat inverse = arma::inv(arma::mat(n, n, arma::fill::eye) - L);
  arma::Mat<T> potential = drive, grad = drive;
  lateral.settle(potential);
  lateral.settle_transposed(grad);
  CHECK(distance<double>(arma::conv_to<arma::mat>::from(potential), inverse * wide) < tolerance);
  CHECK(distance<double>(arma::conv_to<arma::mat>::from(grad), inverse.t() * wide) < tolerance);
}

}  // namespace

TEST_CASE_TEMPLATE("the closed form of uniform strength is the inverse, and the same L given", T,
                   float, double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-4 : 1e-12;
  for (const arma::uword n : {1u, 2u, 5u, 40u}) {
    const double most = n == 1 ? 1 : 1 / static_cast<double>(n - 1);
    for (const double strength : {-0.9, -0.1, 0.0, 0.8 * most}) {
      CAPTURE(n);
      CAPTURE(strength);
      check_both_ways<T>({.strength = strength}, uniform(strength, n), tolerance);
      check_both_ways<T>(given(uniform(strength, n)), uniform(strength, n), tolerance);
    }
  }
}

TEST_CASE("two units by hand, with a pivot of zero") {
  // 1 - L = [0 2; -1 2], its inverse [1 -1; 0.5 0]; its eigenvalues are 1 +- i.
  const Lateral<double> lateral(given({{1, -2}, {1, -1}}), 2);
  arma::mat drive = arma::vec{1, 3}, grad = drive;
  lateral.settle(drive);
  lateral.settle_transposed(grad);
  CHECK(distance<double>(drive, arma::vec{-2, 0.5}) < 1e-15);
  CHECK(distance<double>(grad, arma::vec{2.5, -1}) < 1e-15);
}

TEST_CASE_TEMPLATE("any L settles at its fixed point, rows in whatever order", T, float, double) {
  // The diagonal of 1 - L is small beside the rest, so that elimination has to swap rows.
  arma::mat L = 0.02 * gaussian<double>(30, 30, "L");
  const arma::mat turn = gaussian<double>(30, 30, "turn");
  L += 0.85 * arma::mat(30, 30, arma::fill::eye) + 3 * (turn - turn.t());
  const double tolerance = std::is_same_v<T, float> ? 1e-3 : 1e-11;
  check_both_ways<T>(given(L), L, tolerance);
  arma::mat potential = gaussian<double>(30, 4, "drive");
  const arma::mat drive = potential;
  Lateral<double>(given(L), 30).settle(potential);
  CHECK(distance<double>(potential, drive + L * potential) < 1e-10);
}

TEST_CASE("uniform strength is refused at the singularity and beyond, on either side") {
  CHECK(
      refusal({.strength = 1.0 / 3}, 4) ==
      "error[E514] lateral connections of 4 units are too strong\n  expected a strength above -1 "
      "and below 1 / (4 - 1) = 0.333333, found 0.333333\n  try: a strength below 0, such as -0.1, "
      "inhibits; one above 0 excites, and among 4 units must stay below 0.333333");
  CHECK(refusal({.strength = -1.5}, 4)
            .ends_with("try: a strength below 0 inhibits, but must stay above -1: -0.1"));
  for (const double strength : {0.5, 2.0, -1.0, -3.0}) {
    CHECK(refusal({.strength = strength}, 4).starts_with("error[E514]"));
    CHECK(refusal(given(uniform(strength, 4)), 4).starts_with("error[E514]"));
  }
  CHECK(refusal(given(uniform(1.0 / 3, 4)), 4).starts_with("error[E514]"));
  for (const double strength : {0.33, -0.99}) {
    CHECK(refusal({.strength = strength}, 4).empty());
    CHECK(refusal(given(uniform(strength, 4)), 4).empty());
  }
  CHECK(refusal({.strength = 5}, 1).empty());  // acts on nobody
}

TEST_CASE("given weights are refused for their eigenvalues, not for their size") {
  CHECK(refusal(given({{0, 9}, {-9, 0}}), 2).empty());     // +- 9i
  CHECK(refusal(given({{0, 100}, {0, 0.5}}), 2).empty());  // 0 and 0.5
  CHECK(refusal(given({{0, 2}, {2, 0}}), 2) ==
        "error[E514] lateral weights are singular or beyond: the units would not settle\n  "
        "expected eigenvalues with real parts below 1, found 2\n  try: weaker lateral weights: "
        "divide them by more than that number");
  CHECK(refusal(given({{1, 0}, {0, 0}}), 2).starts_with("error[E514]"));
}

TEST_CASE("lateral weights of another size, or not finite, are refused") {
  CHECK(refusal(given(uniform(0.1, 3)), 4) ==
        "error[E205] the lateral weights do not fit their layer\n  expected 4 x 4 weights, found 3 "
        "rows");
  LateralSpec ragged = given(uniform(0.1, 4));
  ragged.weights[2].pop_back();
  CHECK(refusal(ragged, 4).find("found 3 weights in row 2") != std::string::npos);
  LateralSpec broken = given(uniform(0.1, 4));
  broken.weights[1][3] = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(broken, 4).starts_with("error[E503] lateral weight (1, 3) is not finite"));
  CHECK(
      refusal({.strength = std::numeric_limits<double>::infinity()}, 4).starts_with("error[E503]"));
}

TEST_CASE("settling allocates nothing") {
  if (!k_counts_allocations) return;
  for (const LateralSpec& spec : {LateralSpec{.strength = -0.1}, given(uniform(-0.1, 50))}) {
    const Lateral<float> lateral(spec, 50);
    arma::fmat values = gaussian<float>(50, 20, "drive");
    CHECK(count_allocations([&] {
            lateral.settle(values);
            lateral.settle_transposed(values);
          }) == 0);
  }
}
