// SPDX-License-Identifier: Apache-2.0
// Pair-based STDP: the window from 60 pairs at each lag, every variant by hand and against sums
// over all pairs, bounds, and what is refused.
#include "stdp.cpp"

#include <doctest/doctest.h>

#include "spike_trains.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<Parameter> parameters(const std::vector<Parameter>& changes = {}) {
  return changed({{"pairing", "all-to-all"},
                  {"window", "exponential"},
                  {"bounds", "additive"},
                  {"a_plus", 0.005},
                  {"a_minus", 0.00525},
                  {"tau_plus", 20.0},
                  {"tau_minus", 20.0},
                  {"mu", 0.2},
                  {"reach", 100.0}},
                 changes);
}

// 60 pairs a second apart, the target's spike `lag` ms after the input's.
SpikeTrains pairs(int lag, double dt = 1) {
  const auto at = [&](int pair, double ms) {
    return static_cast<std::size_t>(std::lround((1000 * pair + 100 + ms) / dt));
  };
  SpikeTrains trains{1, 1, dt, {}, {}, {}};
  trains.pre.resize(at(60, 0));
  trains.post.resize(trains.pre.size());
  for (int k = 0; k < 60; ++k) {
    trains.pre[at(k, 0)].push_back(0);
    trains.post[at(k, lag)].push_back(0);
  }
  return trains;
}

template <class T>
double change_of_pairs(const std::vector<Parameter>& p, int lag, double dt = 1) {
  Probe<Stdp, T> rule(p, 1, 1);
  arma::Mat<T> w(1, 1, arma::fill::zeros);
  return static_cast<double>(show(rule, pairs(lag, dt), w, {arma::mat(1, 1)})[0]);
}

// A and tau of change = 60 A exp(-|lag| / tau), by least squares of its logarithm.
struct Fit {
  double amplitude, tau;
};
template <class T>
Fit fit(const std::vector<Parameter>& p, int sign) {
  arma::mat x(80, 2, arma::fill::ones);
  arma::vec y(80);
  for (int lag = 1; lag <= 80; ++lag) {
    const auto row = static_cast<arma::uword>(lag - 1);
    x(row, 1) = lag;
    y[row] = std::log(sign * change_of_pairs<T>(p, sign * lag) / 60);
  }
  const arma::vec line = arma::solve(x, y);
  return {std::exp(line[0]), -1 / line[1]};
}

const Weights bounded{0.5 + 0.1 * normal<double>(4, 5, 5), 0.1, 0.9};

}  // namespace

TEST_CASE_TEMPLATE("60 pairs at each lag give back both amplitudes and time constants", T, float,
                   double) {
  // Bi and Poo 1998 (doi:10.1523/JNEUROSCI.18-24-10464.1998)
  const auto p =
      parameters({{"a_plus", 0.777}, {"a_minus", 0.273}, {"tau_plus", 16.8}, {"tau_minus", 33.7}});
  const Fit plus = fit<T>(p, 1), minus = fit<T>(p, -1);
  CHECK(plus.amplitude == doctest::Approx(0.777).epsilon(1e-3));
  CHECK(plus.tau == doctest::Approx(16.8).epsilon(1e-3));
  CHECK(minus.amplitude == doctest::Approx(0.273).epsilon(1e-3));
  CHECK(minus.tau == doctest::Approx(33.7).epsilon(1e-3));
  CHECK(change_of_pairs<T>(p, 10, 0.5) ==
        doctest::Approx(60 * 0.777 * std::exp(-10 / 16.8)).epsilon(1e-5));
}

TEST_CASE("spikes in one step count as arrival first") {
  CHECK(change_of_pairs<double>(parameters(), 0) == doctest::Approx(60 * 0.005));
}

TEST_CASE("the reciprocal window is inverse to the lag up to its reach, and odd") {
  const auto p = parameters({{"window", "reciprocal"},
                             {"pairing", "nearest"},
                             {"a_plus", 0.02},
                             {"a_minus", 0.03},
                             {"reach", 50.0}});
  CHECK(change_of_pairs<double>(p, 1) == doctest::Approx(60 * 0.02));
  CHECK(change_of_pairs<double>(p, 5) == doctest::Approx(60 * 0.02 / 5));
  CHECK(change_of_pairs<double>(p, 50, 0.5) == doctest::Approx(60 * 0.02 / 50));
  CHECK(change_of_pairs<double>(p, 51) == 0);
  CHECK(change_of_pairs<double>(p, -4) == doctest::Approx(-60 * 0.03 / 4));
  CHECK(change_of_pairs<double>(p, 0) == 0);
}

TEST_CASE("all pairs or the nearest: two arrivals, then a spike, by hand") {
  // Arrivals at 0 and 10, a spike at 15, an arrival at 20.
  SpikeTrains trains{1, 1, 1, std::vector<Units>(21), std::vector<Units>(21), {}};
  trains.pre[0] = trains.pre[10] = trains.pre[20] = trains.post[15] = {0};
  const auto change = [&](const char* pairing) {
    Probe<Stdp, double> rule(parameters({{"pairing", pairing}}), 1, 1);
    arma::mat w(1, 1, arma::fill::zeros);
    return show(rule, trains, w, {arma::mat(1, 1)})[0];
  };
  const auto e = [](double ms) { return std::exp(-ms / 20); };
  CHECK(change("all-to-all") == doctest::Approx(0.005 * (e(15) + e(5)) - 0.00525 * e(5)));
  CHECK(change("nearest") == doctest::Approx(0.005 * e(5) - 0.00525 * e(5)));
}

TEST_CASE("how changes shrink towards the bounds, by hand") {
  // w = 0.3 between 0.2 and 0.6: u = 1/4.
  const auto change = [](const char* bounds, double mu, int lag) {
    Probe<Stdp, double> rule(parameters({{"bounds", bounds}, {"mu", mu}, {"a_plus", 1e-6}}), 1, 1);
    arma::mat w{0.3};
    SpikeTrains trains{1, 1, 1, std::vector<Units>(41), std::vector<Units>(41), {}};
    trains.pre[20] = {0};
    trains.post[static_cast<std::size_t>(20 + lag)] = {0};
    return show(rule, trains, w, {w, 0.2, 0.6})[0] - 0.3;
  };
  const double plus = 1e-6 * std::exp(-0.5), minus = -0.00525 * std::exp(-0.5);
  CHECK(change("additive", 0.5, 10) == doctest::Approx(plus).epsilon(1e-9));
  CHECK(change("multiplicative", 0.5, 10) == doctest::Approx(0.75 * plus).epsilon(1e-9));
  CHECK(change("power-law", 0.5, 10) == doctest::Approx(std::sqrt(0.75) * plus).epsilon(1e-9));
  CHECK(change("additive", 0.5, -10) == doctest::Approx(minus));
  CHECK(change("multiplicative", 0.5, -10) == doctest::Approx(0.25 * minus));
  CHECK(change("power-law", 0.5, -10) == doctest::Approx(0.5 * minus));
  CHECK(change("power-law", 0, -10) == doctest::Approx(minus));
}

TEST_CASE_TEMPLATE("random trains equal the sum over pairs in every variant", T, float, double) {
  for (const bool is_nearest : {false, true}) {
    for (const bool is_reciprocal : {false, true}) {
      if (is_reciprocal && !is_nearest) continue;
      for (const double mu : {0.0, 1.0, 0.3}) {
        const auto p = parameters({{"pairing", is_nearest ? "nearest" : "all-to-all"},
                                   {"window", is_reciprocal ? "reciprocal" : "exponential"},
                                   {"bounds", mu == 0   ? "additive"
                                              : mu == 1 ? "multiplicative"
                                                        : "power-law"},
                                   {"mu", mu},
                                   {"a_plus", 0.02},
                                   {"a_minus", 0.03},
                                   {"tau_plus", 17.0},
                                   {"tau_minus", 34.0}});
        const auto model = [&](double tau) {
          std::function<double(double)> shape;
          if (is_reciprocal) shape = [](double s) { return s > 0 && s <= 100 ? 1 / s : 0; };
          return TraceModel{tau, !is_nearest, shape};
        };
        const RuleModel rule{{model(17)},
                             {model(34)},
                             [=](const SynapseModel& s) {
                               return -0.03 * std::pow((s.weight - 0.1) / 0.8, mu) * s.post[0];
                             },
                             [=](const SynapseModel& s) {
                               return 0.02 * std::pow((0.9 - s.weight) / 0.8, mu) * s.pre[0];
                             }};
        for (const int longest : {-1, 20}) {
          Weights w = bounded;
          for (w.is_in_place = false;; w.is_in_place = true) {
            const SpikeTrains trains = random_trains(4, 5, 3000, 0.04, 11, longest);
            CAPTURE(is_nearest);
            CAPTURE(mu);
            CAPTURE(longest);
            const double tolerance = std::is_same_v<T, float> ? 3e-5 : 1e-11;
            CHECK(distance<Stdp, T>(p, rule, trains, w) < tolerance);
            if (w.is_in_place) break;
          }
        }
      }
    }
  }
}

TEST_CASE("weights never leave their bounds, and additive ones come to rest on them") {
  const SpikeTrains trains = random_trains(4, 5, 3000, 0.05, 2);
  Probe<Stdp, float> rule(parameters({{"a_plus", 0.5}, {"a_minus", 0.5}}), 4, 5);
  auto w = arma::conv_to<arma::fmat>::from(bounded.start);
  bool touched = false;
  for (std::size_t t = 0; t < 3000; t += 10) {
    show(rule, trains, w, bounded, t, t + 10);
    CHECK(w.min() >= 0.1f);
    CHECK(w.max() <= 0.9f);
    touched = touched || (w.min() == 0.1f && w.max() == 0.9f);
  }
  CHECK(touched);
}

TEST_CASE_TEMPLATE("a rule saved half-way goes on with the same bits", T, float, double) {
  const SpikeTrains trains = random_trains(4, 5, 2000, 0.04, 3, 15);
  arma::Mat<T> whole = arma::conv_to<arma::Mat<T>>::from(bounded.start), parts = whole;
  const auto p = parameters({{"bounds", "power-law"}});
  Probe<Stdp, T> all(p, 4, 5), first(p, 4, 5), second(p, 4, 5);
  show(all, trains, whole, bounded);
  show(first, trains, parts, bounded, 0, 1010);
  second.load(first.save());
  show(second, trains, parts, bounded, 1010);
  CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
}

TEST_CASE("a window that no trace sums, and weights without bounds, are refused") {
  CHECK_THROWS_WITH_AS((Probe<Stdp, float>(parameters({{"window", "reciprocal"}}), 1, 1)),
                       doctest::Contains("goes with pairing \"nearest\""), Failure);
  Probe<Stdp, float> rule(parameters({{"bounds", "multiplicative"}}), 1, 1);
  arma::fmat w(1, 1, arma::fill::zeros);
  CHECK_THROWS_WITH_AS(show(rule, pairs(5), w, {arma::mat(1, 1)}),
                       doctest::Contains("stdp needs weights with a lower and an upper bound"),
                       Failure);
}
