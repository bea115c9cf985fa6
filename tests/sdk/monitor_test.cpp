// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

#include "rules.hpp"

using namespace deltaw::testing;

TEST_CASE_TEMPLATE("what a rule names is shown as it is now", T, float, double) {
  Probe<rules::Remembers, T> probe({}, 2, 3);
  const arma::Mat<T> x = normal<T>(3, 1, 1);
  CHECK(arma::abs(probe.shown("sum")).max() == 0);
  probe.set(deltaw::pre, x).update();
  CHECK(arma::approx_equal(probe.shown("sum"), x, "absdiff", T(0)));
  CHECK(probe.shown("noise").n_cols == 3);
  CHECK_THROWS_WITH(static_cast<void>(probe.shown("theta")), "the rule shows no 'theta'");
}

TEST_CASE("a rule that names nothing has no such extension") {
  Probe<rules::Detaches, double> probe({}, 2, 3);
  CHECK_THROWS_WITH(static_cast<void>(probe.shown("sum")), "the rule shows no 'sum'");
}

TEST_CASE("beyond the last matrix, or before prepare(), nothing is shown") {
  using Remembers = deltaw::detail::Instance<rules::Remembers>;
  Remembers instance(nullptr, nullptr, 0);
  const auto* monitor =
      static_cast<const deltaw_monitor*>(Remembers::get_extension(&instance, "deltaw.monitor/1"));
  REQUIRE(monitor != nullptr);
  CHECK(monitor->count(&instance) == 0);
  const char* name = nullptr;
  deltaw_matrix out{};
  deltaw_error error{};
  CHECK(monitor->show(&instance, 0, &name, &out, &error) == DELTAW_E_STATE);
  CHECK(name == nullptr);
}
