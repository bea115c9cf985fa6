// SPDX-License-Identifier: Apache-2.0
// Central differences in double are the oracle for derivatives, products and gradients.
#include "network/loss.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace deltaw;

namespace {

const arma::mat k_potential = {{0.3, -1.2, 2.0}, {-0.7, 0.4, 0.1}, {1.1, -0.2, -0.9}};
constexpr double k_step = 1e-6;

arma::mat posts(const Activation<double>& f, const arma::mat& z) {
  arma::mat post(arma::size(z));
  f.apply(z, post);
  return post;
}

}  // namespace

TEST_CASE("each activation's vector-Jacobian product is that of central differences") {
  const arma::mat grad_post = {{1.0, -0.5, 0.2}, {0.3, 0.8, -1.0}, {-0.6, 0.1, 0.4}};
  for (const std::string& name : activation_names()) {
    for (const std::string passes : {"drive", "excess", "one"}) {
      if (name != "threshold" && passes != "drive") continue;
      CAPTURE(name);
      CAPTURE(passes);
      const Activation<double> f(
          {.type = name, .threshold = 0.25, .passes = passes, .offset = 0.5, .maximum = 1});
      const arma::mat post = posts(f, k_potential);
      arma::mat product(3, 3), slope(3, 3);
      f.vjp(k_potential, post, grad_post, product);
      f.derivative(k_potential, post, slope);
      for (arma::uword i = 0; i < 9; ++i) {
        arma::mat up = k_potential, down = k_potential;
        up[i] += k_step;
        down[i] -= k_step;
        const arma::mat change = (posts(f, up) - posts(f, down)) / (2 * k_step);
        CHECK(product[i] == doctest::Approx(arma::accu(grad_post % change)).epsilon(1e-7));
        CHECK(slope[i] == doctest::Approx(change[i]).epsilon(1e-7));
      }
    }
  }
}

TEST_CASE("a NaN passes through ReLU, so that it is noticed") {
  const Activation<double> relu({.type = "relu"});
  const arma::mat z(1, 1, arma::fill::value(arma::datum::nan));
  CHECK(std::isnan(posts(relu, z)[0]));
}

TEST_CASE("a clipped-linear unit adds its offset and stays within its bounds") {
  const Activation<double> f({.type = "clipped-linear", .offset = 2, .maximum = 20});
  const arma::mat z = {{-3, -2, -0.5, 0, 17, 18, 1e30}};
  CHECK(arma::approx_equal(posts(f, z), arma::mat{{0, 0, 1.5, 2, 19, 20, 20}}, "absdiff", 0));
  arma::mat slope(1, 7);
  f.derivative(z, posts(f, z), slope);
  CHECK(arma::approx_equal(slope, arma::mat{{0, 0, 1, 1, 1, 0, 0}}, "absdiff", 0));
  CHECK(std::isnan(posts(f, arma::mat(1, 1, arma::fill::value(arma::datum::nan)))[0]));
  CHECK_THROWS_WITH_AS(Activation<double>({.type = "clipped-linear", .maximum = 0}),
                       doctest::Contains("a clipped-linear unit has no room"), Error);
}

TEST_CASE("softmax of huge potentials stays a distribution") {
  const Activation<float> softmax({.type = "softmax"});
  const arma::fmat z = arma::fcolvec{1e30f, 1e30f, -1e30f};
  arma::fmat p(3, 1);
  softmax.apply(z, p);
  CHECK(p[0] == 0.5f);
  CHECK(p[2] == 0.0f);
}

TEST_CASE("the gradient of every loss is that of central differences of the mean loss") {
  const arma::mat target = {{1, 0, 0}, {0, 0, 1}, {0, 1, 0}};
  const std::vector<std::pair<LossSpec, std::string>> cases = {
      {{"mse", "samples"}, "softmax"}, {{"mse", "both"}, "softmax"},
      {{"mse", "samples"}, "linear"},  {{"mse", "both"}, "tanh"},
      {{"cross-entropy"}, "softmax"},  {{"cross-entropy"}, "sigmoid"}};
  for (const auto& [spec, activation] : cases) {
    CAPTURE(spec.type);
    CAPTURE(activation);
    const Activation<double> f({.type = activation});
    const Loss<double> loss(spec, f);
    const auto mean = [&](const arma::mat& z) {
      arma::mat values(1, 3);
      loss.values(posts(f, z), target, values);
      return arma::mean(arma::mean(values));
    };
    arma::mat gradient(3, 3);
    loss.gradient(k_potential, posts(f, k_potential), target, gradient);
    for (arma::uword i = 0; i < 9; ++i) {
      arma::mat up = k_potential, down = k_potential;
      up[i] += k_step;
      down[i] -= k_step;
      CHECK(gradient[i] == doctest::Approx((mean(up) - mean(down)) / (2 * k_step)).epsilon(1e-7));
    }
  }
}

TEST_CASE("the two reductions of the mean squared error differ by the number of outputs") {
  const Activation<double> linear({.type = "linear"});
  const arma::mat post = {{1, 2}, {3, 5}}, target = {{0, 2}, {1, 1}};
  arma::mat values(1, 2);
  Loss<double>({"mse", "samples"}, linear).values(post, target, values);
  CHECK(values[0] == 5);   // 1 + 4
  CHECK(values[1] == 16);  // 0 + 16
  Loss<double>({"mse", "both"}, linear).values(post, target, values);
  CHECK(values[1] == 8);
}

TEST_CASE("unknown names and cross-entropy without probabilities are refused") {
  CHECK_THROWS_WITH_AS(Activation<float>({.type = "rellu"}),
                       doctest::Contains("did you mean 'relu'?"), Error);
  CHECK_THROWS_WITH_AS(Loss<float>({"cross-entropy"}, Activation<float>({.type = "linear"})),
                       doctest::Contains("softmax or sigmoid"), Error);
  CHECK_THROWS_WITH_AS(Loss<float>({"mes"}, Activation<float>({.type = "linear"})),
                       doctest::Contains("did you mean 'mse'?"), Error);
}
