// SPDX-License-Identifier: Apache-2.0
#include "readout/transform.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace deltaw;
using doctest::Approx;

namespace {

template <class T>
arma::Mat<T> transformed(const ReadoutSpec& spec, const arma::Mat<T>& activity) {
  const Transform<T> transform(spec, activity);
  arma::Mat<T> features(arma::size(activity));
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    transform.apply(activity.colptr(k), features.colptr(k));
  }
  return features;
}

}  // namespace

TEST_CASE("activity passes as it is with exponent 1, its sign too") {
  const arma::mat activity = {{-2, 0}, {3, 0.5}};
  CHECK(arma::approx_equal(transformed<double>({}, activity), activity, "absdiff", 0));
}

TEST_CASE_TEMPLATE("other exponents are powers of what is above zero", T, float, double) {
  const arma::Mat<T> activity = arma::Col<T>{-1, 0, T(0.3), 1, T(2.7)};
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  for (const double exponent : {0.5, 2.0, 3.0, 4.5, 7.0, 8.0, 1.3, 0.25, 40.0}) {
    const arma::Mat<T> features = transformed<T>({.exponent = exponent}, activity);
    CAPTURE(exponent);
    CHECK(features[0] == 0);
    CHECK(features[1] == 0);
    for (arma::uword i = 2; i < 5; ++i) {
      const double expected = std::pow(static_cast<double>(activity[i]), exponent);
      CHECK(static_cast<double>(features[i]) == Approx(expected).epsilon(tolerance));
    }
  }
}

TEST_CASE("normalised to a sum, a sample keeps its proportions at any scale, and silence stays") {
  const ReadoutSpec spec{.exponent = 4.5, .normalise = "sum"};
  const double a = std::pow(2.0, 4.5), b = std::pow(3.0, 4.5);
  for (const float scale : {1e-12F, 1.0F, 1e12F}) {
    const arma::fmat activity = arma::fvec{2 * scale, 3 * scale, -5 * scale};
    const arma::fmat features = transformed<float>(spec, activity);
    CHECK(static_cast<double>(features[0]) == Approx(a / (a + b)).epsilon(1e-5));
    CHECK(static_cast<double>(features[1]) == Approx(b / (a + b)).epsilon(1e-5));
    CHECK(features[2] == 0);
  }
  CHECK(arma::accu(transformed<float>(spec, arma::fmat(3, 2, arma::fill::zeros))) == 0);
  const arma::mat signed_activity = arma::vec{-1, 3};
  const arma::mat features = transformed<double>({.normalise = "sum"}, signed_activity);
  CHECK(features[0] == Approx(-0.25));
  CHECK(features[1] == Approx(0.75));
}

TEST_CASE("standardised features have mean 0 and deviation 1 however large they are") {
  const arma::mat activity = {{1e6 + 1, 1e6 + 3, 1e6 + 5, 1e6 + 7}, {0.1, 0.1, 0.1, 0.1}};
  const arma::mat features = transformed<double>({.normalise = "standardise"}, activity);
  const double unit = 1 / std::sqrt(5.0);
  for (arma::uword k = 0; k < 4; ++k) {
    CHECK(features(0, k) == Approx((2 * static_cast<double>(k) - 3) * unit));
    CHECK(features(1, k) == 0);
  }
}
