// SPDX-License-Identifier: Apache-2.0
#include "statistics/logistic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace deltaw;
using doctest::Approx;

namespace {

struct Data {
  arma::mat features;
  std::vector<std::uint32_t> labels;
};

// That of logistic_numbers.py.
Data waves() {
  Data data{arma::mat(2, 24), {}};
  for (std::uint32_t k = 0; k < 24; ++k) {
    data.features(0, k) = std::sin(k);
    data.features(1, k) = std::cos(2 * k);
    data.labels.push_back((3 * k * k + k) % 7 % 3);
  }
  return data;
}

// From the definition, sample by sample.
double objective(const arma::mat& w, const Data& data, double penalty) {
  double loss = 0;
  for (arma::uword k = 0; k < data.features.n_cols; ++k) {
    const arma::vec x = arma::join_cols(data.features.col(k), arma::vec{1});
    const arma::vec scores = w * x;
    loss += std::log(arma::accu(arma::exp(scores))) - scores(data.labels[k]);
  }
  double squares = 0;
  for (arma::uword f = 0; f + 1 < w.n_cols; ++f) squares += arma::accu(arma::square(w.col(f)));
  return loss / static_cast<double>(data.labels.size()) + penalty / 2 * squares;
}

}  // namespace

TEST_CASE("logistic regression is NumPy's") {
  const Data data = waves();
  const arma::mat expected = {{-0.61418952904, -0.311017494426, 0.885880824339},
                              {1.156095956598, 0.122182378398, -0.881923235919},
                              {-0.541906427558, 0.188835116028, -0.003957588419}};
  const Logistic found = fit_logistic(data.features, data.labels, 3, 0.01);
  CHECK(arma::approx_equal(found.coefficients, expected, "absdiff", 1e-7));
  const Logistic again = fit_logistic(data.features, data.labels, 3, 0.01, {3 * expected});
  CHECK(
      arma::approx_equal(again.coefficients.head_cols(2), expected.head_cols(2), "absdiff", 1e-7));
}

TEST_CASE(
    "where logistic regression ends every central difference is 0, even with little penalty") {
  const Data data = waves();
  for (const double penalty : {1.0, 1e-2, 1e-4, 1e-6}) {
    CAPTURE(penalty);
    const arma::mat w = fit_logistic(data.features, data.labels, 3, penalty).coefficients;
    for (arma::uword i = 0; i < w.n_elem; ++i) {
      arma::mat up = w, down = w;
      up[i] += 1e-4;
      down[i] -= 1e-4;
      const double rise = objective(up, data, penalty) - objective(down, data, penalty);
      CHECK(std::abs(rise / 2e-4) < 1e-8);
    }
  }
}

TEST_CASE("features that tell nothing leave the shares of the classes") {
  const arma::mat features(3, 10, arma::fill::zeros);
  const std::vector<std::uint32_t> labels = {0, 1, 2, 2, 1, 2, 2, 1, 2, 1};
  const Logistic model = fit_logistic(features, labels, 3, 0.1);
  CHECK(arma::abs(model.coefficients.head_cols(3)).max() < 1e-12);
  const arma::mat p = probabilities(model, features);
  for (arma::uword k = 0; k < 10; ++k) {
    CHECK(p(0, k) == Approx(0.1));
    CHECK(p(1, k) == Approx(0.4));
    CHECK(p(2, k) == Approx(0.5));
  }
}

TEST_CASE("of a feature that is right in a share q of samples, sigma(2 w) + penalty w = q") {
  // x = 1 for class 1 and -1 for class 0 in 7 of 10 samples of each, the other way round else.
  Data data{arma::mat(1, 20), {}};
  for (std::uint32_t k = 0; k < 20; ++k) {
    const std::uint32_t label = k % 2;
    const double own = label == 1 ? 1 : -1;
    data.features(0, k) = k / 2 < 7 ? own : -own;
    data.labels.push_back(label);
  }
  for (const double penalty : {0.5, 0.01}) {
    const arma::mat w = fit_logistic(data.features, data.labels, 2, penalty).coefficients;
    CHECK(w(1, 0) == Approx(-w(0, 0)));
    CHECK(w(1, 1) == Approx(0).epsilon(1e-9));
    CHECK(1 / (1 + std::exp(-2 * w(1, 0))) + penalty * w(1, 0) == Approx(0.7));
  }
}
