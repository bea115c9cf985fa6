// SPDX-License-Identifier: Apache-2.0
#include "training/constraint.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"

using namespace deltaw;

namespace {

template <class T>
arma::Mat<T> gaussian(arma::uword rows, arma::uword cols, std::uint64_t seed) {
  Random random(seed, "test/weights");
  arma::Mat<T> weights(rows, cols);
  weights.imbue([&] { return static_cast<T>(random.normal()); });
  return weights;
}

template <class T>
bool same(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return arma::approx_equal(a, b, "absdiff", T(0));
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-12;

}  // namespace

TEST_CASE_TEMPLATE("reflection and projection keep the sign, each in its way", T, float, double) {
  const arma::Mat<T> before = {{T(1), T(-2)}, {T(-0.5), T(0)}};
  arma::Mat<T> weights = before;
  constrain(weights, {.sign = "nonnegative", .by = "reflection"});
  CHECK(same(weights, arma::Mat<T>{{T(1), T(2)}, {T(0.5), T(0)}}));
  weights = before;
  constrain(weights, {.sign = "nonnegative", .by = "projection"});
  CHECK(same(weights, arma::Mat<T>{{T(1), T(0)}, {T(0), T(0)}}));
  weights = before;
  constrain(weights, {.sign = "nonpositive", .by = "reflection"});
  CHECK(same(weights, arma::Mat<T>{{T(-1), T(-2)}, {T(-0.5), T(0)}}));
  weights = before;
  constrain(weights, {.sign = "nonpositive", .by = "projection"});
  CHECK(same(weights, arma::Mat<T>{{T(0), T(-2)}, {T(-0.5), T(0)}}));
}

TEST_CASE_TEMPLATE("no constraint changes no bit", T, float, double) {
  const arma::Mat<T> before = gaussian<T>(7, 5, 1);
  arma::Mat<T> weights = before;
  constrain(weights, {});
  CHECK(same(weights, before));
}

TEST_CASE_TEMPLATE("bounds hold and leave what lies within", T, float, double) {
  arma::Mat<T> weights = {{T(-3), T(0.25)}, {T(0.5), T(3)}};
  constrain(weights, {.has_bounds = true, .low = -1, .high = 0.5});
  CHECK(same(weights, arma::Mat<T>{{T(-1), T(0.25)}, {T(0.5), T(0.5)}}));
}

TEST_CASE_TEMPLATE("each unit's incoming weights get the norm and keep their direction", T, float,
                   double) {
  for (const arma::uword rows : {1u, 63u, 64u, 65u, 130u}) {
    const arma::Mat<T> before = gaussian<T>(rows, 9, rows);
    arma::Mat<T> weights = before;
    constrain(weights, {.norm = 2});
    for (arma::uword i = 0; i < rows; ++i) {
      const double length = arma::norm(arma::conv_to<arma::rowvec>::from(weights.row(i)));
      CHECK(length == doctest::Approx(2).epsilon(tolerance<T>));
      const double cosine = arma::norm_dot(arma::conv_to<arma::rowvec>::from(weights.row(i)),
                                           arma::conv_to<arma::rowvec>::from(before.row(i)));
      CHECK(cosine == doctest::Approx(1).epsilon(tolerance<T>));
    }
  }
}

TEST_CASE_TEMPLATE("each source's outgoing weights get the sum of magnitudes", T, float, double) {
  arma::Mat<T> weights = {{T(1), T(2), T(0)}, {T(-3), T(2), T(0)}};
  constrain(weights, {.column_sum = 8});
  CHECK(arma::approx_equal(weights, arma::Mat<T>{{T(2), T(4), T(0)}, {T(-6), T(4), T(0)}},
                           "absdiff", T(1e-6)));
}

TEST_CASE_TEMPLATE("sign and bounds hold whatever else is asked for", T, float, double) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    arma::Mat<T> weights = gaussian<T>(6, 4, seed) * T(10);
    constrain(weights, {.sign = "nonnegative",
                        .by = seed % 2 == 0 ? "reflection" : "projection",
                        .has_bounds = true,
                        .low = 0,
                        .high = 0.75,
                        .norm = 1,
                        .column_sum = 3});
    CHECK(weights.min() >= T(0));
    CHECK(weights.max() <= T(0.75));
  }
}

TEST_CASE("what is not finite stays visible") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* by : {"reflection", "projection"}) {
    arma::mat weights = {{nan, 1}};
    constrain(weights, {.sign = "nonnegative", .by = by, .has_bounds = true, .low = 0, .high = 1});
    CHECK(std::isnan(weights(0, 0)));
  }
}

TEST_CASE("unknown names are errors") {
  arma::mat weights(1, 1, arma::fill::ones);
  const auto text = [&](const ConstraintSpec& spec) -> std::string {
    try {
      constrain(weights, spec);
    } catch (const Error& error) {
      CHECK(error.code() == Code::E503);
      return error.text();
    }
    return "no error";
  };
  CHECK(text({.sign = "nonegative"}).find("did you mean 'nonnegative'?") != std::string::npos);
  CHECK(text({.sign = "nonnegative", .by = "reflect"}).find("known: reflection, projection") !=
        std::string::npos);
}
