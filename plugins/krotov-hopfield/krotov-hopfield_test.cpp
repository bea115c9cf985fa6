// SPDX-License-Identifier: Apache-2.0
// Against loops over all units, by hand where ranks and ties decide, and on the real 8x8 digits,
// where the weights of units that win must end on the sphere of the p-norm.
#include "krotov-hopfield.cpp"

#include <doctest/doctest.h>

#include <deltaw/testing.hpp>
#include <set>

#include "core/random.hpp"
#include "count_update_allocations.hpp"
#include "digits.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
using Rule = Probe<KrotovHopfield, T>;

std::vector<Parameter> parameters(double p, std::int64_t k, double delta) {
  return {{"p", p}, {"k", k}, {"delta", delta}};
}

template <class T>
arma::Mat<T> change(Rule<T>& rule, const arma::Mat<T>& v, const arma::Mat<T>& w) {
  return rule.set(deltaw::pre, v).set(deltaw::weights, w).update();
}

arma::mat currents(const arma::mat& w, const arma::mat& v, double p) {
  arma::mat out(w.n_rows, v.n_cols, arma::fill::zeros);
  for (arma::uword i = 0; i < w.n_rows; ++i) {
    for (arma::uword c = 0; c < v.n_cols; ++c) {
      for (arma::uword j = 0; j < w.n_cols; ++j) {
        const double x = w(i, j);
        out(i, c) += (x < 0 ? -1 : 1) * std::pow(std::abs(x), p - 1) * v(j, c);
      }
    }
  }
  return out;
}

// The rule as the paper's program states it: every unit, a whole sort.
arma::mat loops(const arma::mat& v, const arma::mat& w, double p, arma::uword k, double delta) {
  const arma::mat current = currents(w, v, p);
  arma::mat out(w.n_rows, w.n_cols, arma::fill::zeros);
  for (arma::uword c = 0; c < v.n_cols; ++c) {
    const arma::uvec order = arma::stable_sort_index(current.col(c), "descend");
    for (arma::uword rank = 0; rank < w.n_rows; ++rank) {
      const arma::uword i = order[rank];
      const double g = rank == 0 ? 1 : rank == k - 1 ? -delta : 0;
      for (arma::uword j = 0; j < w.n_cols; ++j) {
        out(i, j) += g * (v(j, c) - current(i, c) * w(i, j));
      }
    }
  }
  return out / arma::abs(out).max();
}

const arma::mat& digits() {
  static const arma::mat data = digits_pixels() / 16;
  return data;
}

struct Trained {
  arma::mat w;
  std::set<arma::uword> winners;  // in the last epoch
};

// Batches of 100 with a rate that falls from 0.02 to 0 in equal steps, as in the paper.
Trained train(double p, std::int64_t k, double delta, int epochs, arma::mat w) {
  const arma::mat& x = digits();
  Rule<double> rule(parameters(p, k, delta), w.n_rows, 64, 100);
  Trained out;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    const auto order =
        Random(1, "shuffle", static_cast<std::uint64_t>(epoch)).permutation(x.n_cols);
    const double rate = 0.02 * (1 - static_cast<double>(epoch) / epochs);
    for (std::size_t first = 0; first + 100 <= order.size(); first += 100) {
      arma::uvec chosen(100);
      for (arma::uword i = 0; i < 100; ++i) chosen[i] = order[first + i];
      const arma::mat v = x.cols(chosen);
      if (epoch + 1 == epochs) {
        for (const arma::uword i : arma::index_max(currents(w, v, p), 0).eval()) {
          out.winners.insert(i);
        }
      }
      w += rate * change(rule, v, w);
    }
  }
  out.w = w;
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("one observation worked by hand: the first learns, the third unlearns", T, float,
                   double) {
  // I = (2, 3, 1, 0) for v = (1, 2); p = 2, so that g (v - I W) is, with g = 1 for unit 1 and
  // -0.5 for unit 2: (1, 2) - 3 (1, 1) = (-2, -1) and -0.5 ((1, 2) - (1, 0)) = (0, -1).
  const arma::Mat<T> v = arma::Col<T>{1, 2}, w{{0, 1}, {1, 1}, {1, 0}, {0, 0}};
  Rule<T> rule(parameters(2, 3, 0.5), 4, 2);
  const arma::Mat<T> expected{{0, 0}, {-1, T(-0.5)}, {0, T(-0.5)}, {0, 0}};
  CHECK(arma::approx_equal(change(rule, v, w), expected, "absdiff", T(1e-6)));
}

TEST_CASE_TEMPLATE("of equal currents the lower index ranks first", T, float, double) {
  const arma::Mat<T> v(3, 1, arma::fill::ones), w(5, 3, arma::fill::zeros);
  for (std::int64_t k = 2; k <= 5; ++k) {
    Rule<T> rule(parameters(2, k, 0.25), 5, 3);
    arma::Mat<T> expected(5, 3, arma::fill::zeros);
    expected.row(0).fill(1);
    expected.row(static_cast<arma::uword>(k) - 1).fill(T(-0.25));
    CHECK(arma::approx_equal(change(rule, v, w), expected, "absdiff", T(0)));
  }
}

TEST_CASE_TEMPLATE("for every p and k the change is that of loops over all units", T, float,
                   double) {
  const arma::Mat<T> v = normal<T>(12, 30, 1), w = normal<T>(20, 12, 2);
  const auto wide = [](const arma::Mat<T>& m) { return arma::conv_to<arma::mat>::from(m); };
  for (const double p : {2.0, 3.0, 4.0, 2.5, 20.0}) {
    for (const std::int64_t k : {2, 7, 20}) {
      CAPTURE(p);
      CAPTURE(k);
      Rule<T> rule(parameters(p, k, 0.4), 20, 12, 40);
      const arma::mat ours = wide(change(rule, v, w));
      const auto rank = static_cast<arma::uword>(k);
      const double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;
      CHECK(arma::abs(ours - loops(wide(v), wide(w), p, rank, 0.4)).max() < tolerance);
      if (p == 2) CHECK(arma::abs(ours - loops(wide(v), wide(w), p, rank, -0.4)).max() > 0.1);
      CHECK(arma::abs(ours).max() == doctest::Approx(1));
      // A block of another width afterwards: nothing of the first is left.
      const arma::Mat<T> few = v.cols(3, 5);
      CHECK(arma::abs(wide(change(rule, few, w)) - loops(wide(few), wide(w), p, rank, 0.4)).max() <
            tolerance);
    }
  }
}

TEST_CASE_TEMPLATE("nothing to learn is no change, not 0/0", T, float, double) {
  Rule<T> rule(parameters(2, 2, 0.4), 3, 4);
  const arma::Mat<T> v(4, 2, arma::fill::zeros), w = normal<T>(3, 4, 1);
  CHECK(arma::abs(change(rule, v, w)).max() == 0);
}

TEST_CASE("a rank beyond the layer is refused with both numbers") {
  CHECK_THROWS_WITH_AS(Rule<float>(parameters(2, 7, 0.4), 5, 3),
                       doctest::Contains("k is 7, but 'probe' leads to a layer of 5 units"),
                       Failure);
  CHECK_NOTHROW(Rule<float>(parameters(2, 5, 0.4), 5, 3));
}

TEST_CASE("on the digits the weights of units that win end on the sphere of the p-norm") {
  for (const double p : {2.0, 3.0}) {
    CAPTURE(p);
    const Trained trained = train(p, 2, 0.4, 1000, normal<double>(30, 64, 1));
    CHECK(trained.winners.size() > 10);
    for (const arma::uword i : trained.winners) {
      CAPTURE(i);
      CHECK(arma::accu(arma::pow(arma::abs(trained.w.row(i)), p)) ==
            doctest::Approx(1).epsilon(0.02));
    }
  }
}

TEST_CASE("without unlearning prototypes that start without negative weights stay so") {
  const arma::mat start = arma::abs(normal<double>(30, 64, 1));
  CHECK(train(2, 2, 0, 60, start).w.min() > -1e-12);
  CHECK(train(2, 2, 0.4, 60, start).w.min() < -0.05);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  if (!k_counts_allocations) return;
  for (const double p : {2.0, 3.0, 2.5}) {
    CHECK(count_update_allocations<KrotovHopfield, T>(
              {parameter("p", p), parameter("k", std::int64_t{3}), parameter("delta", 0.4)}) == 0);
  }
}
