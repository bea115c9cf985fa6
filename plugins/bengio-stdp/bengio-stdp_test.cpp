// SPDX-License-Identifier: Apache-2.0
// dW = S dV on spikes: its window, the integral worked out numerically, and its drift where the
// target's rate rises.
#include <doctest/doctest.h>

#include <cmath>

#include "bengio_rate.hpp"
#include "bengio_spikes.hpp"
#include "spike_trains.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr double k_tau_s = 15, k_tau_v = 30;

std::vector<Parameter> parameters(double tau_s = k_tau_s, double tau_v = k_tau_v) {
  return {{"tau_s", tau_s}, {"tau_v", tau_v}};
}

template <class T>
double change(const SpikeTrains& trains, double tau_s = k_tau_s, double tau_v = k_tau_v) {
  Probe<BengioStdp, T> rule(parameters(tau_s, tau_v), 1, 1);
  arma::Mat<T> w(1, 1, arma::fill::zeros);
  return static_cast<double>(show(rule, trains, w, {arma::mat(1, 1)})[0]);
}

SpikeTrains pair(int lag) {
  SpikeTrains trains{1, 1, 1, std::vector<Units>(400), std::vector<Units>(400), {}};
  trains.pre[200] = {0};
  trains.post[static_cast<std::size_t>(200 + lag)] = {0};
  return trains;
}

// ∫ S dV of one synapse until both have died away, by steps of 1 / 500 ms: at a spike of the target
// V jumps, between them it falls; the middle of each step is taken.
double integral(const SpikeTrains& trains) {
  constexpr int fine = 500;
  const double fall_s = std::exp(-1.0 / fine / k_tau_s), fall_v = std::exp(-1.0 / fine / k_tau_v);
  double s = 0, v = 0, sum = 0;
  for (std::size_t t = 0; t < trains.steps() + 2000; ++t) {
    if (t < trains.steps()) {
      if (!trains.pre[t].empty()) s += 1;
      if (!trains.post[t].empty()) {
        v += 1;
        sum += s;
      }
    }
    for (int k = 0; k < fine; ++k) {
      sum += s * (1 + fall_s) / 2 * v * (fall_v - 1);
      s *= fall_s;
      v *= fall_v;
    }
  }
  return sum;
}

// Spikes of unit 0 and up that come in each step with a probability.
Units spikes(Draws& draws, std::uint32_t units, double probability) {
  Units out;
  for (std::uint32_t u = 0; u < units; ++u) {
    if (draws.uniform() < probability) out.push_back(u);
  }
  return out;
}

}  // namespace

TEST_CASE("the window has two sides of opposite sign and equal area") {
  double before = 0, after = 0;
  for (int lag = 1; lag <= 150; ++lag) {
    const double plus = change<double>(pair(lag)), minus = change<double>(pair(-lag));
    CHECK(plus == doctest::Approx(std::exp(-lag / k_tau_s) * k_tau_v / (k_tau_s + k_tau_v)));
    CHECK(minus == doctest::Approx(-std::exp(-lag / k_tau_v) * k_tau_s / (k_tau_s + k_tau_v)));
    before += plus;
    after += minus;
  }
  const auto sum = [](double tau) { return 1 / (std::exp(1 / tau) - 1); };  // of exp(-n / tau)
  CHECK(before == doctest::Approx(sum(k_tau_s) * 2 / 3).epsilon(1e-3));
  CHECK(after == doctest::Approx(-sum(k_tau_v) / 3).epsilon(1e-2));
  // With equal time constants it is odd.
  for (const int lag : {1, 7, 40}) {
    CHECK(change<double>(pair(lag), 20, 20) ==
          doctest::Approx(-change<double>(pair(-lag), 20, 20)));
    CHECK(change<double>(pair(lag), 20, 20) == doctest::Approx(std::exp(-lag / 20.0) / 2));
  }
}

TEST_CASE_TEMPLATE("a random train gives the integral of S dV, worked out numerically", T, float,
                   double) {
  const SpikeTrains trains = random_trains(1, 1, 1500, 0.06, 4);
  const double ours = change<T>(trains), theirs = integral(trains);
  CHECK(std::abs(theirs) > 0.1);
  CHECK(std::abs(ours - theirs) < 1e-3 * std::abs(theirs) + 1e-4);
}

TEST_CASE_TEMPLATE("random trains equal the sum over pairs, with delays and without", T, float,
                   double) {
  const double share = k_tau_s / (k_tau_s + k_tau_v);
  const RuleModel model{{{k_tau_s, true, {}}},
                        {{k_tau_v, true, {}}},
                        [=](const SynapseModel& s) { return -share * s.post[0]; },
                        [=](const SynapseModel& s) { return (1 - share) * s.pre[0]; }};
  for (const int longest : {-1, 20}) {
    for (const bool is_in_place : {true, false}) {
      const SpikeTrains trains = random_trains(3, 4, 3000, 0.04, 8, longest);
      const Weights w{normal<double>(3, 4, 5), -5, 5, 0.1, is_in_place};
      const double tolerance = std::is_same_v<T, float> ? 3e-5 : 1e-11;
      CHECK(distance<BengioStdp, T>(parameters(), model, trains, w) < tolerance);
    }
  }
}

// Poisson spikes at r_pre and at a rate that goes evenly from r0 to r1 in a second. A pair is
// counted at its later spike, so that with A = tau_s / (tau_s + tau_v) on the side of arrivals
//   d<W>/dt = A tau_v² r_pre dr/dt,
// and what V has not yet lost, A S V, completes the integral of S dV: tau_s tau_v r_pre dr/dt.
TEST_CASE("on Poisson spikes weights drift as r_pre times the slope of the target's rate") {
  constexpr std::uint32_t units = 100;
  constexpr int warm = 300, ramp = 1000, trials = 12;
  constexpr double tau = 20, r_pre = 0.05;  // spikes a ms
  const auto drift = [&](double r0, double r1) {
    arma::vec drifts(trials), integrals(trials);
    for (int trial = 0; trial < trials; ++trial) {
      Draws draws(17, static_cast<std::uint64_t>(trial), 0);
      Probe<BengioStdp, double> rule(parameters(tau, tau), units, units);
      rule.set(deltaw::weights, arma::mat(units, units, arma::fill::zeros));
      arma::mat w(units, units, arma::fill::zeros);
      arma::vec s(units, arma::fill::zeros), v(units, arma::fill::zeros);
      arma::mat at_start, product;
      for (int t = 0; t < warm + ramp; ++t) {
        const double share = std::max(0, t - warm) / static_cast<double>(ramp);
        const Units pre = spikes(draws, units, r_pre);
        const Units post = spikes(draws, units, r0 + (r1 - r0) * share);
        if (t == warm) {
          at_start = w;
          product = v * s.t();
        }
        rule.set_spikes(spikes_pre, pre).set_spikes(spikes_post, post);
        rule.set_time(static_cast<std::uint64_t>(t), 1).update_in_place(w);
        for (const std::uint32_t u : pre) s[u] += 1;
        for (const std::uint32_t u : post) v[u] += 1;
        s *= std::exp(-1 / tau);
        v *= std::exp(-1 / tau);
      }
      drifts[static_cast<arma::uword>(trial)] = arma::mean(arma::vectorise(w - at_start));
      product = v * s.t() - product;
      integrals[static_cast<arma::uword>(trial)] =
          arma::mean(arma::vectorise(w - at_start + product / 2));
    }
    struct {
      double drift, integral, error;
    } found{arma::mean(drifts), arma::mean(integrals),
            arma::stddev(drifts) / std::sqrt(static_cast<double>(trials))};
    return found;
  };
  // The rate rule on the rates themselves, times tau_s tau_v.
  const auto rate_rule = [&](double r0, double r1) {
    Probe<BengioRate, double> rule({}, 1, 1, ramp + 1);
    rule.set(deltaw::pre, arma::mat(1, ramp + 1, arma::fill::value(r_pre)));
    rule.set(deltaw::post, arma::mat(arma::linspace<arma::rowvec>(r0, r1, ramp + 1)));
    return tau * tau * rule.update()[0];
  };
  const double slope = tau * tau * r_pre * 0.1;
  CHECK(rate_rule(0.01, 0.11) == doctest::Approx(slope));
  CHECK(rate_rule(0.11, 0.01) == doctest::Approx(-slope));
  const auto up = drift(0.01, 0.11), down = drift(0.11, 0.01), flat = drift(0.06, 0.06);
  const double error = up.error + down.error + flat.error;
  CHECK(error < 0.1 * slope);
  // Spikes within a step count as arrival first, which adds A r_pre r for each step.
  const double coincidences = ramp * r_pre * 0.06 / 2;
  CHECK(std::abs(flat.drift - coincidences) < 3 * flat.error);
  CHECK(std::abs(up.drift - coincidences - slope / 2) < 3 * up.error + 0.02 * slope);
  CHECK(std::abs(down.drift - coincidences + slope / 2) < 3 * down.error + 0.02 * slope);
  CHECK(std::abs((up.integral - down.integral) / 2 - slope) < 0.06 * slope);
}

TEST_CASE_TEMPLATE("a rule saved half-way goes on with the same bits", T, float, double) {
  const SpikeTrains trains = random_trains(4, 5, 2000, 0.04, 3, 15);
  const Weights w{normal<double>(4, 5, 5)};
  arma::Mat<T> whole = arma::conv_to<arma::Mat<T>>::from(w.start), parts = whole;
  Probe<BengioStdp, T> all(parameters(), 4, 5), first(parameters(), 4, 5),
      second(parameters(), 4, 5);
  show(all, trains, whole, w);
  show(first, trains, parts, w, 0, 1010);
  second.load(first.save());
  show(second, trains, parts, w, 1010);
  CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
}
