// SPDX-License-Identifier: Apache-2.0
#include "network/sign.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "error_of.hpp"

using namespace deltaw;

namespace {

template <class T>
arma::Mat<T> gaussian(arma::uword rows, arma::uword cols, std::uint64_t seed) {
  Random random(seed, "test/weights");
  arma::Mat<T> weights(rows, cols);
  for (T& w : weights) w = static_cast<T>(random.normal());
  return weights;
}

template <class T>
bool same(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return arma::approx_equal(a, b, "absdiff", T(0));
}

template <class T>
arma::Mat<T> kept(arma::Mat<T> weights, const ConstraintSpec& spec) {
  keep_sign(weights, spec);
  return weights;
}

}  // namespace

TEST_CASE_TEMPLATE("Dale's law holds for sources, that is columns, by either way", T, float,
                   double) {
  const arma::Mat<T> before = {{T(1), T(-2), T(3)}, {T(-0.5), T(0), T(-4)}};
  CHECK(same(kept(before, {.sign = "dale", .by = "reflection", .excitatory = 2}),
             arma::Mat<T>{{T(1), T(2), T(-3)}, {T(0.5), T(0), T(-4)}}));
  CHECK(same(kept(before, {.sign = "dale", .by = "projection", .excitatory = 2}),
             arma::Mat<T>{{T(1), T(0), T(0)}, {T(0), T(0), T(-4)}}));
}

TEST_CASE_TEMPLATE("what obeys Dale's law stays, what does not is reflected or zeroed", T, float,
                   double) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const arma::uword rows = 1 + seed % 7, cols = 1 + seed % 11;
    const std::size_t excitatory = seed % (cols + 1);
    CAPTURE(rows);
    CAPTURE(cols);
    CAPTURE(excitatory);
    const arma::Mat<T> before = gaussian<T>(rows, cols, seed);
    for (const bool reflect : {true, false}) {
      const ConstraintSpec spec{
          .sign = "dale", .by = reflect ? "reflection" : "projection", .excitatory = excitatory};
      const arma::Mat<T> after = kept(before, spec);
      for (arma::uword i = 0; i < rows; ++i) {
        for (arma::uword j = 0; j < cols; ++j) {
          const T w = before(i, j), sign = j < excitatory ? T(1) : T(-1);
          const T mended = reflect ? -w : T(0);
          CHECK(after(i, j) == (w * sign >= 0 ? w : mended));
        }
      }
      CHECK(same(kept(after, spec), after));
    }
  }
}

TEST_CASE("with all sources of one class Dale's law is that class's sign") {
  const arma::mat before = gaussian<double>(5, 4, 1);
  for (const char* by : {"reflection", "projection"}) {
    CHECK(same(kept(before, {.sign = "dale", .by = by, .excitatory = 4}),
               kept(before, {.sign = "nonnegative", .by = by})));
    CHECK(same(kept(before, {.sign = "dale", .by = by, .excitatory = 0}),
               kept(before, {.sign = "nonpositive", .by = by})));
  }
}

TEST_CASE("a NaN stays visible under Dale's law") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* by : {"reflection", "projection"}) {
    const arma::mat weights =
        kept(arma::mat{{nan, nan}}, {.sign = "dale", .by = by, .excitatory = 1});
    CHECK(std::isnan(weights[0]));
    CHECK(std::isnan(weights[1]));
  }
}

TEST_CASE("more excitatory sources than there are is an error") {
  const Error error = error_of(
      [] { (void)kept(arma::mat(2, 3, arma::fill::ones), {.sign = "dale", .excitatory = 4}); });
  CHECK(error.code() == Code::E503);
  CHECK(error.text().find("expected at most 3, found 4") != std::string::npos);
}
