// SPDX-License-Identifier: Apache-2.0
// Every variant against loops over observations and synapses, and by hand where the memory counts.
#include "bcm.cpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<Parameter> parameters(const char* variant, double memory,
                                  const char* threshold = "moving-average") {
  return {{"variant", variant}, {"memory", memory}, {"threshold", threshold}, {"teacher", 2.0}};
}

// theta is moved first. `slope` is 1 where the rule does not know of one.
arma::mat loops(const arma::mat& x, const arma::mat& y, const arma::mat& slope, bool is_divided,
                double memory, arma::vec& theta) {
  const double n = static_cast<double>(x.n_cols);
  arma::mat out(y.n_rows, x.n_rows, arma::fill::zeros);
  for (arma::uword i = 0; i < y.n_rows; ++i) {
    double power = 0;
    for (arma::uword c = 0; c < y.n_cols; ++c) power += y(i, c) * y(i, c) / n;
    theta[i] = memory * theta[i] + (1 - memory) * power;
    for (arma::uword c = 0; c < y.n_cols; ++c) {
      const double phi = y(i, c) * (y(i, c) - theta[i]) * slope(i, c);
      for (arma::uword j = 0; j < x.n_rows; ++j) {
        out(i, j) += phi * x(j, c) / n / (is_divided ? theta[i] : 1);
      }
    }
  }
  return out;
}

template <class T>
bool is_near(const arma::Mat<T>& ours, const arma::mat& theirs) {
  const double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;
  return arma::abs(arma::conv_to<arma::mat>::from(ours) - theirs).max() < tolerance;
}

}  // namespace

TEST_CASE_TEMPLATE("two batches by hand: the memory enters theta, and theta the change", T, float,
                   double) {
  // memory 0.75. Batch 1: x = 1, y = 2 -> theta = 0.25 * 4 = 1; batch 2: x = 1, y = 1 ->
  // theta = 0.75 * 1 + 0.25 * 1 = 1; batch 3: y = 3 -> theta = 0.75 + 2.25 = 3.
  const auto change = [](auto& rule, T y) {
    rule.set(deltaw::pre, arma::Mat<T>(1, 1, arma::fill::ones));
    arma::Mat<T> post(1, 1);
    post.fill(y);
    return static_cast<double>(rule.set(deltaw::post, post).update()[0]);
  };
  Probe<Bcm, T> classic(parameters("classic", 0.75), 1, 1);
  CHECK(change(classic, 2) == doctest::Approx(2 * (2 - 1)));
  CHECK(change(classic, 1) == doctest::Approx(0));
  CHECK(change(classic, 3) == doctest::Approx(0));
  CHECK(classic.shown("theta")[0] == doctest::Approx(3));
  CHECK(change(classic, 1) == doctest::Approx(1 * (1 - 2.5)));  // theta = 2.25 + 0.25
  CHECK(classic.shown("theta")[0] == doctest::Approx(2.5));
  Probe<Bcm, T> law(parameters("law-cooper", 0.75), 1, 1);
  CHECK(change(law, 2) == doctest::Approx(2));
  CHECK(change(law, 4) == doctest::Approx(4 * (4 - 4.75) / 4.75));
  // The published program: theta is y² of this batch, whatever came before.
  Probe<Bcm, T> published(parameters("classic", 0.75, "batch"), 1, 1);
  CHECK(change(published, 2) == doctest::Approx(2 * (2 - 4)));
  CHECK(change(published, 1) == doctest::Approx(0));
  Probe<Bcm, T> without(parameters("classic", 0), 1, 1);
  CHECK(change(without, 2) == doctest::Approx(2 * (2 - 4)));
}

TEST_CASE_TEMPLATE("over five batches every variant is what loops give", T, float, double) {
  const auto wide = [](const arma::Mat<T>& m) { return arma::conv_to<arma::mat>::from(m); };
  const double memory = 0.7;
  Probe<Bcm, T> law(parameters("law-cooper", memory), 3, 4);
  Probe<Bcm, T> classic(parameters("classic", memory), 3, 4);
  Probe<IntratorCooper, T> intrator(parameters("", memory), 3, 4);
  Probe<SupervisedBcm, T> law_taught(parameters("law-cooper", memory), 3, 4);
  Probe<SupervisedBcm, T> classic_taught(parameters("classic", memory), 3, 4);
  arma::vec theta(3, arma::fill::zeros), law_theta = theta, slope_theta = theta,
                                         law_taught_theta = theta, taught_theta = theta;
  for (std::uint64_t batch = 1; batch <= 5; ++batch) {
    const arma::uword columns = 3 + batch;
    const arma::Mat<T> x = normal<T>(4, columns, batch), y = normal<T>(3, columns, 10 + batch);
    const arma::Mat<T> slope = normal<T>(3, columns, 20 + batch);
    const arma::Mat<T> target = arma::abs(normal<T>(3, columns, 30 + batch));
    const arma::mat one(3, columns, arma::fill::ones);
    law.set(deltaw::pre, x).set(deltaw::post, y);
    CHECK(is_near<T>(law.update(), loops(wide(x), wide(y), one, true, memory, law_theta)));
    classic.set(deltaw::pre, x).set(deltaw::post, y);
    CHECK(is_near<T>(classic.update(), loops(wide(x), wide(y), one, false, memory, theta)));
    intrator.set(deltaw::pre, x).set(deltaw::post, y).set(deltaw::derivative, slope);
    CHECK(is_near<T>(intrator.update(),
                     loops(wide(x), wide(y), wide(slope), false, memory, slope_theta)));
    arma::mat taught = wide(y) + 2 * wide(target);
    taught.elem(arma::find(taught < 0)).zeros();
    for (auto* rule : {&law_taught, &classic_taught}) {
      rule->set(deltaw::pre, x).set(deltaw::post, y).set(deltaw::target, target);
    }
    CHECK(is_near<T>(law_taught.update(),
                     loops(wide(x), taught, one, true, memory, law_taught_theta)));
    CHECK(is_near<T>(classic_taught.update(),
                     loops(wide(x), taught, one, false, memory, taught_theta)));
  }
}

TEST_CASE_TEMPLATE("a silent unit does not change, now or when its activity is next to nothing", T,
                   float, double) {
  Probe<Bcm, T> rule(parameters("law-cooper", 0.5), 2, 3);
  const arma::Mat<T> x = normal<T>(3, 4, 1);
  arma::Mat<T> y(2, 4, arma::fill::zeros);
  y.row(1).fill(1);
  for (const double tiny : {0.0, std::sqrt(double{std::numeric_limits<T>::denorm_min()}) * 8}) {
    y.row(0).fill(static_cast<T>(tiny));
    const arma::Mat<T> change = rule.set(deltaw::pre, x).set(deltaw::post, y).update();
    CHECK(arma::abs(change.row(0)).max() == 0);
    CHECK(change.is_finite());
  }
}

TEST_CASE_TEMPLATE("saved and loaded, the threshold goes on where it was", T, float, double) {
  const auto show = [](Probe<Bcm, T>& rule, std::uint64_t batch) {
    return rule.set(deltaw::pre, normal<T>(4, 6, batch))
        .set(deltaw::post, normal<T>(3, 6, 10 + batch))
        .update();
  };
  Probe<Bcm, T> first(parameters("classic", 0.9), 3, 4), second(parameters("classic", 0.9), 3, 4);
  show(first, 1);
  const arma::Mat<T> unsaved = show(second, 2);
  second.load(first.save());
  const arma::Mat<T> expected = show(first, 2);
  CHECK(arma::approx_equal(show(second, 2), expected, "absdiff", T(0)));
  CHECK(arma::abs(unsaved - expected).max() > T(0.01));
  first.reset();
  CHECK(arma::approx_equal(show(first, 2), unsaved, "absdiff", T(0)));
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  if (!k_counts_allocations) return;
  const std::vector<deltaw_param> law = {parameter("variant", "law-cooper"),
                                         parameter("memory", 0.5), parameter("teacher", 1.0),
                                         parameter("threshold", "moving-average")};
  CHECK(count_update_allocations<Bcm, T>(law) == 0);
  CHECK(count_update_allocations<IntratorCooper, T>(law) == 0);
  CHECK(count_update_allocations<SupervisedBcm, T>(law) == 0);
}
