// SPDX-License-Identifier: Apache-2.0
#include "delta-rule.cpp"

#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

TEST_CASE_TEMPLATE("ΔW is the mean of (target - post) preᵀ, worked by hand", T, float, double) {
  Probe<DeltaRule, T> rule({}, 2, 2, 2);
  rule.set(deltaw::pre, arma::Mat<T>{{1, 3}, {2, -1}});
  rule.set(deltaw::error, arma::Mat<T>{{4, 2}, {0, -2}});
  // ((4, 8) + (6, -2)) / 2 and ((0, 0) + (-6, 2)) / 2
  CHECK(arma::approx_equal(rule.update(), arma::Mat<T>{{5, 3}, {-3, 1}}, "absdiff", T(1e-6)));
}

TEST_CASE("with softmax and cross-entropy ΔW is minus the gradient by central differences") {
  Bench<double> bench(chain({layer("input", 4), layer("output", 3, "softmax")}),
                      {.type = "cross-entropy"}, gaussian<double>(4, 6, "x"),
                      one_hot<double>(3, 6));
  const arma::mat error = bench.target.all() - bench.output();
  for (const char* name : {"input>output", "output.bias"}) {
    const std::size_t c = bench.find(name);
    Probe<DeltaRule, double> rule({}, bench.network.outputs(c), bench.network.inputs(c), 6);
    rule.set(deltaw::pre, bench.activity.post(bench.network.graph().connections[c].source));
    rule.set(deltaw::error, error);
    CHECK(relative_error(rule.update(), bench.descent(c, 1e-5)) < 1e-8);
  }
}

TEST_CASE("an update allocates nothing") {
  if (!k_counts_allocations) return;
  CHECK(count_update_allocations<DeltaRule, float>({}) == 0);
}
