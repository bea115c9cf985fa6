// SPDX-License-Identifier: Apache-2.0
// What theory says of a single BCM neuron that sees K linearly independent patterns, all as often:
// it ends on one of K maxima, y = K for one pattern and 0 for all others; and with two patterns it
// oscillates when theta is slow beside the weights (Udeigwe, Munro and Ermentrout 2017,
// doi:10.1186/s13408-017-0044-6).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deltaw/testing.hpp>
#include <limits>

#include "bcm.cpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// A neuron whose batch is all patterns (inputs x K).
class Neuron {
 public:
  Neuron(const char* variant, double memory, const char* threshold, const arma::mat& patterns,
         const arma::rowvec& start, bool is_rectified = false)
      : weights(start),
        patterns_(patterns),
        is_rectified_(is_rectified),
        rule_({{"variant", variant}, {"memory", memory}, {"threshold", threshold}}, 1,
              patterns.n_rows, patterns.n_cols) {
    rule_.set(deltaw::pre, patterns);
  }

  [[nodiscard]] arma::rowvec response() const {
    arma::rowvec y = weights * patterns_;
    if (is_rectified_) y.elem(arma::find(y < 0)).zeros();
    return y;
  }
  void step(double rate) { weights += rate * rule_.set(deltaw::post, response()).update(); }
  [[nodiscard]] double theta() { return rule_.shown("theta")[0]; }

  arma::rowvec weights;

 private:
  arma::mat patterns_;
  bool is_rectified_;
  Probe<Bcm, double> rule_;
};

constexpr arma::uword n_patterns = 4;

arma::mat positive_patterns() {
  return arma::abs(normal<double>(12, n_patterns, 1)) / std::sqrt(12);
}

// Whether y is K for one pattern and 0 for all others, both to 1e-2.
bool is_maximum(const arma::rowvec& y) {
  return std::abs(y.max() - n_patterns) < 1e-2 && arma::accu(arma::abs(y) < 1e-2) == n_patterns - 1;
}

}  // namespace

TEST_CASE("from all of 100 random starts a linear neuron ends on one of the K maxima") {
  const arma::mat patterns = positive_patterns();
  REQUIRE(arma::rank(patterns) == n_patterns);
  arma::uvec chosen(n_patterns, arma::fill::zeros);
  for (std::uint64_t start = 0; start < 100; ++start) {
    CAPTURE(start);
    Neuron neuron("law-cooper", 0.5, "moving-average", patterns,
                  normal<double>(1, 12, 100 + start));
    for (int i = 0; i < 3000; ++i) neuron.step(0.3);
    const arma::rowvec y = neuron.response();
    CHECK(is_maximum(y));
    CHECK(neuron.theta() == doctest::Approx(n_patterns).epsilon(1e-2));
    CHECK(1 - arma::mean(y) / y.max() == doctest::Approx(1 - 1.0 / n_patterns).epsilon(1e-2));
    ++chosen[y.index_max()];
  }
  CHECK(arma::all(chosen > 0));
}

TEST_CASE("a rectified neuron does so from every start that answers to any pattern") {
  const arma::mat patterns = positive_patterns();
  int silent = 0;
  for (std::uint64_t start = 0; start < 100; ++start) {
    CAPTURE(start);
    Neuron neuron("law-cooper", 0.5, "moving-average", patterns, normal<double>(1, 12, 100 + start),
                  true);
    const bool is_silent = neuron.response().max() == 0;
    silent += is_silent;
    for (int i = 0; i < 3000; ++i) neuron.step(0.3);
    CHECK(is_maximum(neuron.response()) == !is_silent);
    if (is_silent) CHECK(neuron.response().max() == 0);
  }
  CHECK(silent > 10);
  CHECK(silent < 40);
}

namespace {

constexpr double rate = 0.02;

struct TwoPatterns {
  explicit TwoPatterns(double cosine)
      : patterns{{1, cosine}, {0, std::sqrt(1 - cosine * cosine)}} {}

  // The largest |eigenvalue| of one step (y1, y2, theta) -> ..., linear about y = (2, 0),
  // theta = 2; there d phi = gain (d y1 - d theta, -d y2), gain 1 for law-cooper, 2 for classic.
  [[nodiscard]] double radius(double gain, double memory) const {
    const arma::rowvec d_theta = {2 * (1 - memory), 0, memory};
    arma::mat d_phi(2, 3, arma::fill::zeros);
    d_phi.row(0) = arma::rowvec{gain, 0, 0} - gain * d_theta;
    d_phi(1, 1) = -gain;
    const arma::mat d_y = arma::eye(2, 3) + rate / 2 * patterns.t() * patterns * d_phi;
    return arma::abs(arma::eig_gen(arma::join_cols(d_y, d_theta))).max();
  }
  // The memory at which the maximum loses its stability.
  [[nodiscard]] double critical_memory(double gain) const {
    double stable = 0.5, unstable = 1 - 1e-6;
    for (int i = 0; i < 60; ++i) {
      const double middle = (stable + unstable) / 2;
      (radius(gain, middle) < 1 ? stable : unstable) = middle;
    }
    return stable;
  }
  // The lowest and the highest y1 in the last quarter of a long run from near the maximum.
  [[nodiscard]] std::pair<double, double> range(const char* variant, double memory,
                                                const char* threshold = "moving-average") const {
    const arma::rowvec at_maximum = {2, 0};
    Neuron neuron(variant, memory, threshold, patterns, at_maximum * arma::inv(patterns));
    for (int i = 0; i < 2000; ++i) neuron.step(0);  // theta finds E[y²]
    neuron.weights[0] += 0.01;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (int i = 0; i < 20000; ++i) {
      neuron.step(rate);
      if (i < 15000) continue;
      low = std::min(low, neuron.response()[0]);
      high = std::max(high, neuron.response()[0]);
    }
    return {low, high};
  }

  arma::mat patterns;
};

}  // namespace

TEST_CASE("a slow threshold makes the neuron oscillate where linear stability says, within 10 %") {
  for (const char* variant : {"law-cooper", "classic"}) {
    const double gain = std::string(variant) == "classic" ? 2 : 1;
    for (const double cosine : {0.0, 0.3}) {
      CAPTURE(variant);
      CAPTURE(cosine);
      const TwoPatterns two(cosine);
      const double share = 1 - two.critical_memory(gain);
      // For orthogonal patterns the averaged equations give (1 - memory) / rate = gain / 2.
      if (cosine == 0) CHECK(share / rate == doctest::Approx(gain / 2).epsilon(0.03));
      const auto [low, high] = two.range(variant, 1 - 1.1 * share);
      CHECK(low == doctest::Approx(2).epsilon(1e-3));
      CHECK(high == doctest::Approx(2).epsilon(1e-3));
      const auto [least, most] = two.range(variant, 1 - 0.9 * share);
      CHECK(least < 1);
      CHECK(most > 3);
      // As published, the memory has no effect: nothing oscillates.
      const auto [under, over] = two.range(variant, 1 - 0.9 * share, "batch");
      CHECK(over - under < 1e-3);
    }
  }
}
