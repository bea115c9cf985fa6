// SPDX-License-Identifier: Apache-2.0
#include "forward-forward.cpp"

#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// What a layer of tanh units minimises, by its own weights.
double objective(const arma::mat& w, const arma::mat& right, const arma::mat& wrong,
                 double threshold, bool is_mean) {
  const auto goodness = [&](const arma::mat& x) {
    const arma::rowvec sum = arma::sum(arma::square(arma::tanh(w * x)), 0);
    const auto units = static_cast<double>(w.n_rows);
    return arma::rowvec((sum - units * threshold) / (is_mean ? units : 1));
  };
  return arma::mean(arma::log1p(arma::exp(-goodness(right)))) +
         arma::mean(arma::log1p(arma::exp(goodness(wrong))));
}

}  // namespace

TEST_CASE("ΔW is minus the gradient of the layer's own objective by central differences") {
  const arma::mat w = gaussian<double>(3, 4, "w"), right = gaussian<double>(4, 5, "right"),
                  wrong = gaussian<double>(4, 5, "wrong");
  for (const std::string goodness : {"sum", "mean"}) {
    Probe<ForwardForward, double> rule({{"threshold", 0.4}, {"goodness", goodness}}, 3, 4, 5);
    const auto show = [&](const arma::mat& x) {
      const arma::mat y = arma::tanh(w * x);
      rule.set(deltaw::pre, x).set(deltaw::post, y).set(deltaw::derivative, 1 - arma::square(y));
    };
    arma::mat expected(3, 4), moved = w;
    for (arma::uword i = 0; i < w.n_elem; ++i) {
      const auto at = [&](double step) {
        moved[i] = w[i] + step;
        const double value = objective(moved, right, wrong, 0.4, goodness == "mean");
        moved[i] = w[i];
        return value;
      };
      expected[i] = (at(-1e-5) - at(1e-5)) / 2e-5;
    }
    show(right);
    rule.observe();
    show(wrong);
    CHECK(relative_error(rule.update(), expected) < 1e-8);
    show(right);  // the phases in the wrong order are another change
    CHECK(relative_error(rule.update(), expected) > 0.5);
  }
}

TEST_CASE_TEMPLATE("one unit at its threshold is pulled half as far each way, by hand", T, float,
                   double) {
  Probe<ForwardForward, T> rule({{"threshold", 4.0}, {"goodness", std::string("sum")}}, 1, 2, 1);
  rule.set(deltaw::post, arma::Mat<T>{T(2)}).set(deltaw::derivative, arma::Mat<T>{T(1)});
  rule.set(deltaw::pre, arma::Col<T>{3, 1});
  rule.observe();                             // 2 (1/2) 2 (3, 1) = (6, 2)
  rule.set(deltaw::pre, arma::Col<T>{1, 5});  // -(2, 10)
  CHECK(arma::approx_equal(rule.update(), arma::Mat<T>{{4, -8}}, "absdiff", T(1e-5)));
}

TEST_CASE("an update allocates nothing") {
  if (!k_counts_allocations) return;
  CHECK(count_update_allocations<ForwardForward, float>(
            {parameter("threshold", 1.0), parameter("goodness", "sum")}) == 0);
}
