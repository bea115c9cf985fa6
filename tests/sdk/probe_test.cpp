// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <deltaw/testing.hpp>

#include "rules.hpp"

using namespace deltaw::testing;

namespace {

template <class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a probe refuses signals that the rule does not declare or that do not fit") {
  Probe<rules::Detaches, double> probe({}, 2, 3, 4);
  CHECK(thrown([&] { probe.set(deltaw::post, arma::mat(2, 1)); }) ==
        "the rule does not declare the signal 'post'");
  CHECK(thrown([&] { probe.set(deltaw::pre, arma::mat(2, 1)); }) ==
        "signal 'pre' must have 3 rows");
  CHECK(thrown([&] { probe.set(deltaw::weights, arma::mat(2, 2)); }) ==
        "signal 'weights' must have 3 columns");
  CHECK(thrown([&] {
          probe.set(deltaw::pre | deltaw::weights, arma::mat(3, 1));
        }).find("one signal") != std::string::npos);
  CHECK(thrown([&] { probe.update(); }) == "the signal 'pre' is declared but was not set");
  probe.set(deltaw::weights, arma::mat(2, 3)).set(deltaw::pre, arma::mat(3, 5));
  CHECK(thrown([&] { probe.update(); }) == "the block is wider than max_columns");
}

TEST_CASE("a probe notices a rule that writes into a signal") {
  Probe<rules::WritesSignal, float> probe({}, 2, 3);
  probe.set(deltaw::pre, arma::fmat(3, 1)).set(deltaw::weights, arma::fmat(2, 3));
  CHECK(thrown([&] { probe.update(); }) == "the rule wrote into the signal 'pre'");
}

TEST_CASE("draws depend on seed and key alone, and have the moments that they should") {
  const auto noise = [](std::uint64_t seed) {
    Probe<rules::Remembers, double> probe({}, 40, 50, 1, seed);
    probe.set(deltaw::pre, arma::mat(50, 1, arma::fill::zeros));
    return probe.update();
  };
  const arma::mat first = noise(1);
  CHECK(arma::approx_equal(first, noise(1), "absdiff", 0.0));
  CHECK(!arma::approx_equal(first, noise(2), "absdiff", 1e-3));
  CHECK(std::abs(arma::mean(arma::vectorise(first))) < 0.1);  // 4.5 standard errors
  CHECK(std::abs(arma::var(arma::vectorise(first)) - 1) < 0.15);
  Draws draws(1, 2, 3);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double u = draws.uniform();
    CHECK_UNARY(u > 0 && u < 1);
    sum += u;
  }
  CHECK(std::abs(sum / 10000 - 0.5) < 0.015);  // 5 standard errors
}
