// SPDX-License-Identifier: Apache-2.0
#include "predictive-coding.cpp"

#include <cmath>

#include "count_allocations.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<deltaw_param> settling(std::int64_t steps, double rate) {
  return {parameter("steps", steps), parameter("rate", rate)};
}

NetworkSpec deep() {
  return chain({layer("input", 4), layer("a", 5, "tanh"), layer("b", 6, "sigmoid"),
                layer("c", 4, "tanh"), layer("output", 3, "softmax")});
}

Bench<double> make_bench() {
  return Bench<double>(deep(), {.type = "cross-entropy"}, gaussian<double>(4, 6, "x"),
                       one_hot<double>(3, 6));
}

// The probability that at least `successes` of n trials of probability p succeed.
double at_least(int successes, int n, double p) {
  double sum = 0;
  for (int k = successes; k <= n; ++k) {
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1)) *
           std::pow(p, k) * std::pow(1 - p, n - k);
  }
  return sum;
}

}  // namespace

TEST_CASE("with rate 1 and as many steps as hidden layers it is backpropagation") {
  Bench<double> bench = make_bench();
  RuleOnNetwork<PredictiveCoding, double> rule(bench, settling(3, 1));
  RuleOnNetwork<Exact, double> exact(bench);
  for (const char* name : {"input>a", "a.bias", "a>b", "b>c", "c>output", "output.bias"}) {
    CAPTURE(std::string(name));
    CHECK(relative_error(rule.change(name), exact.change(name)) < 1e-12);
  }
  RuleOnNetwork<PredictiveCoding, double> early(bench, settling(2, 1));
  CHECK(arma::abs(early.change("input>a")).max() == 0);
  CHECK(relative_error(early.change("a>b"), exact.change("a>b")) < 1e-12);
}

TEST_CASE("after n steps each layer has the share of the gradient that has come down so far") {
  // The linear recursion of a layer d below the output: 1 step in which it moves for each layer on
  // the way, in n steps that each come with probability `rate`.
  Bench<double> bench = make_bench();
  RuleOnNetwork<Exact, double> exact(bench);
  for (const int steps : {1, 4, 20}) {
    RuleOnNetwork<PredictiveCoding, double> rule(bench, settling(steps, 0.2));
    int depth = 0;
    for (const char* name : {"c>output", "b>c", "a>b", "input>a"}) {
      CAPTURE(std::string(name));
      CAPTURE(steps);
      const arma::mat expected = exact.change(name) * at_least(depth, steps, 0.2);
      CHECK(arma::approx_equal(rule.change(name), expected, "absdiff", 1e-14));
      ++depth;
    }
  }
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  Bench<T> bench(chain({layer("input", 20), layer("a", 30, "relu"), layer("b", 25, "relu"),
                        layer("output", 10, "softmax")}),
                 {.type = "cross-entropy"}, gaussian<T>(20, 32, "x"), one_hot<T>(10, 32));
  RuleOnNetwork<PredictiveCoding, T> rule(bench, settling(5, 0.2));
  rule.propose();
  CHECK(count_allocations([&] { rule.propose(); }) == 0);
}
