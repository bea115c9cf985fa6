// SPDX-License-Identifier: Apache-2.0
#include "readout/objective.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace deltaw;
using doctest::Approx;

namespace {

const std::vector<std::uint32_t> labels = {2, 0};

arma::mat some_scores() { return {{0.3, -1.2}, {0.7, 0.1}, {-0.4, 2.0}}; }

void check_against_differences(const ReadoutSpec& spec) {
  arma::mat descent = some_scores();
  static_cast<void>(descend(spec, labels.data(), descent));
  constexpr double h = 1e-5;
  for (arma::uword i = 0; i < descent.n_elem; ++i) {
    arma::mat up = some_scores(), down = some_scores();
    up[i] += h;
    down[i] -= h;
    const double slope =
        (descend(spec, labels.data(), up) - descend(spec, labels.data(), down)) / (2 * h);
    CHECK(descent[i] == Approx(-slope).epsilon(1e-6));
  }
}

}  // namespace

TEST_CASE("the direction of descent is minus the slope of the loss") {
  check_against_differences({.type = "softmax"});
  for (const double m : {1.0, 2.0, 3.5, 6.0}) {
    CAPTURE(m);
    check_against_differences({.type = "power", .beta = 0.8, .m = m});
  }
}

TEST_CASE("losses are those of their formulas, summed over samples") {
  arma::mat zeros(3, 2, arma::fill::zeros);
  CHECK(descend({.type = "softmax"}, labels.data(), zeros) == Approx(2 * std::log(3)));
  zeros.zeros();
  CHECK(descend({.type = "power", .m = 6}, labels.data(), zeros) == Approx(6));
  arma::mat scores = some_scores();
  double expected = 0;
  for (arma::uword k = 0; k < 2; ++k) {
    for (arma::uword i = 0; i < 3; ++i) {
      const double target = i == labels[k] ? 1 : -1;
      expected += std::pow(std::abs(std::tanh(0.5 * scores(i, k)) - target), 3);
    }
  }
  CHECK(descend({.type = "power", .beta = 0.5, .m = 3}, labels.data(), scores) == Approx(expected));
}

TEST_CASE("scores beyond the range of exp and tanh give finite losses") {
  for (const char* type : {"softmax", "power"}) {
    arma::fmat scores = arma::fvec{1e4F, -1e4F, 3e4F};
    CHECK(std::isfinite(descend({.type = type}, labels.data(), scores)));
    CHECK(scores.is_finite());
  }
}
