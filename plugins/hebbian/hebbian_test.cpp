// SPDX-License-Identifier: Apache-2.0
// Linear units y = W x on the real 8x8 digits, centred and scaled to 0..1: what theory says of each
// rule, against the eigenvectors of the covariance. "reward-hebbian": against loops over time.
#include "hebbian.cpp"

#include <doctest/doctest.h>

#include <cmath>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "digits.hpp"
#include "rule_on_network.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

struct Digits {
  Digits() {
    x = digits_pixels() / 16;
    x.each_col() -= arma::mean(x, 1).eval();
    arma::eig_sym(eigenvalues, eigenvectors, x * x.t() / static_cast<double>(x.n_cols));
    eigenvalues = arma::reverse(eigenvalues);
    eigenvectors = arma::fliplr(eigenvectors);
  }
  arma::mat x, eigenvectors;  // features x samples; in columns, the first principal one first
  arma::vec eigenvalues;
};

const Digits& digits() {
  static const Digits data;
  return data;
}

template <template <class> class Rule>
class Training {
 public:
  Training(const char* variant, arma::uword units)
      : w(0.1 * normal<double>(units, 64, 7)), rule_({{"variant", variant}}, units, 64, 2000) {}

  void step(const arma::mat& x, double rate) {
    rule_.set(deltaw::pre, x).set(deltaw::post, w * x).set(deltaw::weights, w);
    w += rate * rule_.update();
  }
  // Shuffled batches of 32 with the rate eta / (1 + t / tau), t in epochs.
  void epochs(int count, double eta, double tau) {
    const arma::mat& x = digits().x;
    for (int t = 0; t < count; ++t) {
      const auto order = Random(1, "shuffle", static_cast<std::uint64_t>(t)).permutation(x.n_cols);
      for (std::size_t first = 0; first + 32 <= order.size(); first += 32) {
        const arma::uvec chosen(
            std::vector<arma::uword>(order.begin() + static_cast<std::ptrdiff_t>(first),
                                     order.begin() + static_cast<std::ptrdiff_t>(first) + 32));
        step(x.cols(chosen), eta / (1 + t / tau));
      }
    }
  }

  arma::mat w;

 private:
  Probe<Rule, double> rule_;
};

}  // namespace

TEST_CASE_TEMPLATE("the changes of all variants, worked by hand", T, float, double) {
  // x = (1, 2), y = (3, -1), W = [1 0; 2 1]: y xᵀ = [3 6; -1 -2].
  const auto change = [](auto& probe) {
    probe.set(deltaw::pre, arma::Col<T>{1, 2}).set(deltaw::post, arma::Col<T>{3, -1});
    probe.set(deltaw::weights, arma::Mat<T>{{1, 0}, {2, 1}});
    return probe.update();
  };
  Probe<Hebbian, T> plain({{"variant", "plain"}}, 2, 2), oja({{"variant", "oja"}}, 2, 2);
  Probe<Sanger, T> sanger({{"variant", "sanger"}}, 2, 2), subspace({{"variant", "subspace"}}, 2, 2);
  const auto is = [](const arma::Mat<T>& a, const arma::Mat<T>& b) {
    return arma::approx_equal(a, b, "absdiff", T(1e-6));
  };
  CHECK(is(change(plain), arma::Mat<T>{{3, 6}, {-1, -2}}));
  CHECK(is(change(oja), arma::Mat<T>{{3 - 9, 6}, {-1 - 2, -2 - 1}}));
  // y yᵀ = [9 -3; -3 1]; its lower triangle times W = [9 0; -3 + 2, 1]
  CHECK(is(change(sanger), arma::Mat<T>{{3 - 9, 6}, {-1 + 1, -2 - 1}}));
  // y yᵀ W = [9 - 6, -3; -3 + 2, 1]
  CHECK(is(change(subspace), arma::Mat<T>{{3 - 3, 6 + 3}, {-1 + 1, -2 - 1}}));
}

TEST_CASE("plain Hebb diverges along the first component as exp(eta lambda1 t)") {
  Training<Hebbian> training("plain", 1);
  const double eta = 0.05;
  for (int i = 0; i < 2000; ++i) training.step(digits().x, eta);
  const double before = std::log(arma::norm(training.w));
  for (int i = 0; i < 200; ++i) training.step(digits().x, eta);
  const double slope = (std::log(arma::norm(training.w)) - before) / 200;
  CHECK(slope == doctest::Approx(eta * digits().eigenvalues[0]).epsilon(0.05));
  CHECK(arma::norm(training.w) > 1e10);
}

TEST_CASE("Oja's neuron finds the first component with length 1 in 50 epochs") {
  Training<Hebbian> training("oja", 1);
  training.epochs(50, 0.3, 2);
  CHECK(std::abs(cosine<double>(training.w.t(), digits().eigenvectors.col(0))) >= 0.999);
  CHECK(arma::norm(training.w) == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("Oja's neuron turns at the rate exp(-eta (lambda1 - lambda2) t)") {
  const Digits& data = digits();
  Training<Hebbian> training("oja", 1);
  training.w = (data.eigenvectors.col(0) + 0.1 * data.eigenvectors.col(1)).t();
  const double eta = 0.05;
  const auto tangent = [&] {
    return std::log(std::abs(arma::as_scalar(training.w * data.eigenvectors.col(1)) /
                             arma::as_scalar(training.w * data.eigenvectors.col(0))));
  };
  for (int i = 0; i < 100; ++i) training.step(data.x, eta);
  const double before = tangent();
  for (int i = 0; i < 500; ++i) training.step(data.x, eta);
  CHECK((tangent() - before) / 500 ==
        doctest::Approx(-eta * (data.eigenvalues[0] - data.eigenvalues[1])).epsilon(0.05));
}

TEST_CASE("Sanger's units find the first eight components in order, orthonormal") {
  Training<Sanger> training("sanger", 8);
  training.epochs(300, 0.3, 10);
  const Digits& data = digits();
  for (arma::uword i = 0; i < 8; ++i) {
    CAPTURE(i);
    CHECK(data.eigenvalues[i] / data.eigenvalues[i + 1] > 1.05);  // so that the order is sure
    CHECK(std::abs(cosine<double>(training.w.row(i).t(), data.eigenvectors.col(i))) >= 0.99);
  }
  CHECK(arma::abs(training.w * training.w.t() - arma::eye(8, 8)).max() < 0.02);
}

TEST_CASE("the subspace rule spans the first eight components, in no order") {
  Training<Sanger> training("subspace", 8);
  training.epochs(300, 0.3, 10);
  const arma::mat first = digits().eigenvectors.head_cols(8);
  CHECK(arma::norm(training.w.t() * training.w - first * first.t(), "fro") < 0.05);
  const arma::mat overlap = arma::abs(training.w * first);
  CHECK(arma::max(overlap.row(0)) < 0.98);
}

TEST_CASE("with a constant rate the squared error is eta/2 sum l1 lj / (l1 - lj), so half of it") {
  const arma::vec eigenvalues = {1, 0.3, 0.2, 0.1};
  const auto squared_error = [&](double eta) {
    Probe<Hebbian, double> oja({{"variant", "oja"}}, 1, 4, 1);
    arma::mat w = {{1, 0, 0, 0}};
    Random random(1, "samples");
    double sum = 0;
    const int steps = 150000;
    for (int i = 0; i < steps; ++i) {
      arma::vec x = arma::sqrt(eigenvalues);
      for (double& value : x) value *= random.normal();
      oja.set(deltaw::pre, x).set(deltaw::post, w * x).set(deltaw::weights, w);
      w += eta * oja.update();
      sum += 1 - w[0] * w[0] / arma::dot(w, w);
    }
    return sum / steps;
  };
  const double theory = 0.3 / 0.7 + 0.2 / 0.8 + 0.1 / 0.9;
  const double whole = squared_error(0.01), half = squared_error(0.005);
  CHECK(half == doctest::Approx(0.005 / 2 * theory).epsilon(0.1));
  CHECK(whole / half == doctest::Approx(2).epsilon(0.1));
}

TEST_CASE("which rows depend on the activity of unit 2 is what the manifest's locality says") {
  const auto changed_rows = [](auto probe) {
    const arma::mat x = normal<double>(5, 6, 1), w = normal<double>(4, 5, 3);
    arma::mat y = normal<double>(4, 6, 2);
    probe->set(deltaw::pre, x).set(deltaw::post, y).set(deltaw::weights, w);
    const arma::mat before = probe->update();
    y.row(2) += 1;
    probe->set(deltaw::post, y);
    const arma::mat after = probe->update();
    std::string rows;
    for (arma::uword i = 0; i < 4; ++i) {
      const bool is_same = arma::approx_equal(before.row(i), after.row(i), "absdiff", 0.0);
      rows += is_same ? '.' : 'x';
    }
    return rows;
  };
  using Parameters = std::vector<Parameter>;
  const auto hebbian = [](const char* v) {
    return std::make_unique<Probe<Hebbian, double>>(Parameters{{"variant", v}}, 4, 5);
  };
  const auto sanger = [](const char* v) {
    return std::make_unique<Probe<Sanger, double>>(Parameters{{"variant", v}}, 4, 5);
  };
  CHECK(changed_rows(hebbian("plain")) == "..x.");
  CHECK(changed_rows(hebbian("oja")) == "..x.");
  CHECK(changed_rows(sanger("sanger")) == "..xx");
  CHECK(changed_rows(sanger("subspace")) == "xxxx");
}

namespace {

constexpr arma::uword steps = 60;

template <class T>
struct Trial {
  explicit Trial(bool has_one_reward)
      : pre(arma::tanh(wander<T>(4, steps, 1))),
        potential(wander<T>(5, steps, 2)),
        reward(normal<T>(1, has_one_reward ? 1 : steps, 3)) {
    for (arma::uword t = 0; t + 1 < reward.n_elem; t += 3) reward[t] = NAN;
  }
  [[nodiscard]] bool has_one_reward() const { return reward.n_elem == 1; }

  arma::Mat<T> pre, potential, reward;
};

// Step by step, synapse by synapse; `lag` steps between pre's column and potential's.
template <class T>
arma::mat loops(const Trial<T>& trial, double sign = 1, arma::uword lag = 0) {
  arma::mat change(5, 4, arma::fill::zeros);
  for (arma::uword t = lag; t < steps; ++t) {
    const double reward = trial.reward[trial.has_one_reward() ? 0 : t];
    if (std::isnan(reward)) continue;
    for (arma::uword i = 0; i < 5; ++i) {
      for (arma::uword j = 0; j < 4; ++j) {
        change(i, j) += sign * reward * trial.potential(i, t) * trial.pre(j, t - lag);
      }
    }
  }
  return change;
}

template <class T>
Probe<RewardHebbian, T>& show(Probe<RewardHebbian, T>& rule, const Trial<T>& trial) {
  rule.set(deltaw::pre, trial.pre).set(deltaw::potential, trial.potential);
  return rule.set(deltaw::reward, trial.reward).set_time(0, 1);
}

}  // namespace

TEST_CASE_TEMPLATE("reward times Hebb equals its loops, and no others", T, float, double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-10;
  for (const bool has_one_reward : {true, false}) {
    Probe<RewardHebbian, T> rule({}, 5, 4);
    const Trial<T> trial(has_one_reward);
    const arma::Mat<T> change = show(rule, trial).update();
    CHECK(largest_difference(change, loops(trial)) < tolerance);
    CHECK(largest_difference(change, loops(trial, -1)) > 1.5);
    CHECK(largest_difference(change, loops(trial, 1, 1)) > 0.01);
  }
}

TEST_CASE("reward times Hebb changes nothing in a trial of one step without a reward") {
  Probe<RewardHebbian, double> rule({}, 2, 3, 1);
  rule.set(deltaw::pre, arma::mat(3, 1, arma::fill::ones));
  rule.set(deltaw::potential, arma::mat(2, 1, arma::fill::ones));
  rule.set(deltaw::reward, arma::mat(1, 1, arma::fill::value(arma::datum::nan))).set_time(0, 1);
  CHECK(arma::all(arma::vectorise(rule.update()) == 0));
}

TEST_CASE("reward times Hebb names rewards that it cannot place") {
  Probe<RewardHebbian, float> rule({}, 5, 4);
  const Trial<float> trial(false);
  show(rule, trial).set(deltaw::reward, arma::fmat(1, 7, arma::fill::ones));
  CHECK_THROWS_WITH_AS(rule.update(), doctest::Contains("one reward, or one for each step"),
                       Failure);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  CHECK(count_update_allocations<Hebbian, T>({parameter("variant", "plain")}) == 0);
  CHECK(count_update_allocations<Hebbian, T>({parameter("variant", "oja")}) == 0);
  CHECK(count_update_allocations<Sanger, T>({parameter("variant", "sanger")}) == 0);
  CHECK(count_update_allocations<Sanger, T>({parameter("variant", "subspace")}) == 0);
  CHECK(count_update_allocations<RewardHebbian, T>({}, {Rewards::one, 1}) == 0);
  CHECK(count_update_allocations<RewardHebbian, T>({}, {Rewards::each, 1}) == 0);
}
