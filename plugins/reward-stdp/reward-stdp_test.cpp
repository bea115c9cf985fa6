// SPDX-License-Identifier: Apache-2.0
// Eligibility in closed form, the sign and time of rewards, and random trains against sums over all
// pairs of spikes and rewards.
#include "reward-stdp.cpp"

#include <doctest/doctest.h>

#include <map>

#include "spike_trains.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<Parameter> parameters(const std::vector<Parameter>& changes = {}) {
  return changed({{"tau_e", 500.0},
                  {"baseline", "none"},
                  {"memory", 0.9},
                  {"pairing", "all-to-all"},
                  {"a_plus", 0.01},
                  {"a_minus", 0.012},
                  {"tau_plus", 17.0},
                  {"tau_minus", 34.0}},
                 changes);
}

using Rewards = std::map<std::size_t, double>;  // by step

// Shows steps first .. last - 1 with their rewards, and works off what is due.
template <class T>
arma::Mat<T> run(Probe<RewardStdp, T>& rule, const SpikeTrains& trains, const Rewards& rewards,
                 arma::Mat<T>& weights, const Weights& w, std::size_t first = 0,
                 std::size_t last = SIZE_MAX) {
  arma::Mat<T> sum(arma::size(weights), arma::fill::zeros);
  rule.set_bounds(w.lower, w.upper);
  if (!trains.delays.empty()) rule.set_delays(trains.delays);
  for (std::size_t t = first; t < std::min(last, trains.steps()); ++t) {
    const auto found = rewards.find(t);
    if (trains.pre[t].empty() && trains.post[t].empty() && found == rewards.end()) continue;
    rule.unset(deltaw::reward);
    if (found != rewards.end()) {
      rule.set(deltaw::reward, arma::Mat<T>(1, 1, arma::fill::value(T(found->second))));
    }
    rule.set_spikes(spikes_pre, trains.pre[t]).set_spikes(spikes_post, trains.post[t]);
    rule.set_time(t, trains.dt);
    if (w.is_in_place) {
      rule.update_in_place(weights, w.scale);
    } else {
      sum += rule.update();
    }
  }
  return w.is_in_place ? weights : sum;
}

// Every pair leaves A exp(-lag / tau) exp(-(now - its later spike) / tau_e) to each reward.
arma::mat pairs(const SpikeTrains& trains, const Rewards& rewards, const Weights& w, double tau_e) {
  arma::mat out = w.is_in_place ? w.start : arma::mat(arma::size(w.start), arma::fill::zeros);
  for (std::uint32_t i = 0; i < trains.outputs; ++i) {
    for (std::uint32_t j = 0; j < trains.inputs; ++j) {
      const double delay = trains.delays.empty() ? 0 : trains.delays(i, j);
      if (delay == 255) continue;
      const auto has = [](const Units& units, std::uint32_t unit) {
        return std::find(units.begin(), units.end(), unit) != units.end();
      };
      std::vector<double> arrivals, spikes;
      for (std::size_t t = 0; t < trains.steps(); ++t) {
        if (has(trains.pre[t], j)) arrivals.push_back(static_cast<double>(t) + delay);
        if (has(trains.post[t], i)) spikes.push_back(static_cast<double>(t));
      }
      for (const auto& [step, given] : rewards) {
        double e = 0;
        for (const double a : arrivals) {
          for (const double b : spikes) {
            const double later = std::max(a, b), now = static_cast<double>(step);
            if (later > now) continue;
            const double kept = std::exp(-(now - later) / tau_e);
            e += kept * (a <= b ? 0.01 * std::exp((a - b) / 17) : -0.012 * std::exp((b - a) / 34));
          }
        }
        out(i, j) += (w.is_in_place ? w.scale : 1) * given * e;
        if (w.is_in_place) out(i, j) = std::clamp(out(i, j), w.lower, w.upper);
      }
    }
  }
  return out;
}

double change(const std::vector<Parameter>& p, std::size_t arrival, std::size_t spike,
              const Rewards& rewards) {
  SpikeTrains trains{1, 1, 1, std::vector<Units>(2000), std::vector<Units>(2000), {}};
  trains.pre[arrival] = trains.post[spike] = {0};
  Probe<RewardStdp, double> rule(p, 1, 1);
  arma::mat w(1, 1, arma::fill::zeros);
  return run(rule, trains, rewards, w, {arma::mat(1, 1)})[0];
}

Rewards many_rewards(std::size_t steps) {
  Draws draws(5, 5, 5);
  Rewards rewards;
  for (std::size_t t = 70; t < steps; t += 97) rewards[t] = draws.normal();
  return rewards;
}

}  // namespace

TEST_CASE("one pair and one reward, in closed form") {
  const double strong = 0.01 * std::exp(-10 / 17.0), weak = -0.012 * std::exp(-10 / 34.0);
  const double kept = std::exp(-790 / 500.0);
  CHECK(change(parameters(), 200, 210, {{1000, 2.0}}) == doctest::Approx(2 * strong * kept));
  CHECK(change(parameters(), 210, 200, {{1000, 2.0}}) == doctest::Approx(2 * weak * kept));
  // A punishment turns both round.
  CHECK(change(parameters(), 200, 210, {{1000, -1.0}}) == doctest::Approx(-strong * kept));
  CHECK(change(parameters(), 210, 200, {{1000, -1.0}}) == doctest::Approx(-weak * kept));
  // With the spike itself, and 9000 steps = 18 tau_e later.
  CHECK(change(parameters(), 200, 210, {{210, 1.0}}) == doctest::Approx(strong));
  CHECK(change(parameters({{"tau_e", 50.0}}), 200, 210, {{1110, 1.0}}) ==
        doctest::Approx(strong * std::exp(-18)));
}

TEST_CASE("without a reward nothing changes, nor by one that comes before the spikes") {
  CHECK(change(parameters(), 200, 210, {}) == 0);
  CHECK(change(parameters(), 200, 210, {{1000, NAN}}) == 0);
  CHECK(change(parameters(), 200, 210, {{1000, 0.0}}) == 0);
  CHECK(change(parameters(), 200, 210, {{150, 1.0}}) == 0);
}

TEST_CASE("a synapse goes on waiting after a reward") {
  const double strong = 0.01 * std::exp(-10 / 17.0);
  CHECK(change(parameters(), 200, 210, {{300, 1.0}, {400, 1.0}}) ==
        doctest::Approx(strong * (std::exp(-90 / 500.0) + std::exp(-190 / 500.0))));
}

TEST_CASE("rewards are measured against the mean of those before") {
  // Rb = 0, then 0.25 * 1 = 0.25, then 0.75 * 0.25 + 0.25 * 3 = 0.9375
  const auto p = parameters({{"baseline", "mean"}, {"memory", 0.75}, {"tau_e", 1e9}});
  const double strong = 0.01 * std::exp(-10 / 17.0);
  CHECK(change(p, 200, 210, {{300, 1.0}}) == doctest::Approx(strong));
  CHECK(change(p, 200, 210, {{300, 1.0}, {310, 3.0}}) == doctest::Approx(strong * (1 + 2.75)));
  CHECK(change(p, 200, 210, {{300, 1.0}, {310, 3.0}, {320, 0.0}}) ==
        doctest::Approx(strong * (1 + 2.75 - 0.9375)));
}

TEST_CASE("only the nearest spikes are paired where that is asked for") {
  SpikeTrains trains{1, 1, 1, std::vector<Units>(100), std::vector<Units>(100), {}};
  trains.pre[10] = trains.pre[20] = trains.post[30] = {0};
  Probe<RewardStdp, double> rule(parameters({{"pairing", "nearest"}}), 1, 1);
  arma::mat w(1, 1, arma::fill::zeros);
  CHECK(run(rule, trains, {{30, 1.0}}, w, {arma::mat(1, 1)})[0] ==
        doctest::Approx(0.01 * std::exp(-10 / 17.0)));
}

TEST_CASE_TEMPLATE("random trains and rewards equal the sum over all pairs", T, float, double) {
  for (const double tau_e : {40.0, 300.0}) {
    for (const int longest : {-1, 20}) {
      for (const bool is_in_place : {true, false}) {
        const SpikeTrains trains = random_trains(3, 4, 2500, 0.04, 41, longest);
        const Rewards rewards = many_rewards(trains.steps());
        const Weights w{0.5 + 0.1 * normal<double>(3, 4, 5), 0.3, 0.8, 0.7, is_in_place};
        Probe<RewardStdp, T> rule(parameters({{"tau_e", tau_e}}), 3, 4);
        auto weights = arma::conv_to<arma::Mat<T>>::from(w.start);
        const auto ours = arma::conv_to<arma::mat>::from(run(rule, trains, rewards, weights, w));
        const arma::mat theirs = pairs(trains, rewards, w, tau_e);
        CHECK(arma::abs(ours - theirs).max() < (std::is_same_v<T, float> ? 1e-5 : 1e-12));
        CHECK(arma::abs(theirs - (is_in_place ? w.start : arma::zeros(3, 4))).max() > 0.02);
      }
    }
  }
}

TEST_CASE_TEMPLATE("a rule saved half-way goes on with the same bits", T, float, double) {
  const auto p = parameters({{"tau_e", 60.0}, {"baseline", "mean"}});
  const SpikeTrains trains = random_trains(3, 4, 2500, 0.04, 43, 12);
  const Rewards rewards = many_rewards(trains.steps());
  const Weights w{0.5 + 0.1 * normal<double>(3, 4, 5)};
  arma::Mat<T> whole = arma::conv_to<arma::Mat<T>>::from(w.start), parts = whole;
  Probe<RewardStdp, T> all(p, 3, 4), first(p, 3, 4), second(p, 3, 4);
  run(all, trains, rewards, whole, w);
  run(first, trains, rewards, parts, w, 0, 1010);
  second.load(first.save());
  run(second, trains, rewards, parts, w, 1010);
  CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
}

TEST_CASE("a rule saved between the spikes of a step and its reward knows what they left") {
  const auto p = parameters();
  SpikeTrains trains{1, 1, 1, std::vector<Units>(211), std::vector<Units>(211), {}};
  trains.pre[200] = trains.post[210] = {0};
  const Weights w{arma::mat(1, 1)};
  arma::mat weight(1, 1, arma::fill::zeros);
  Probe<RewardStdp, double> first(p, 1, 1), second(p, 1, 1);
  run(first, trains, {}, weight, w);
  second.load(first.save());
  trains.post[210].clear();
  run(second, trains, {{210, 1.0}}, weight, w, 210);
  CHECK(weight[0] == doctest::Approx(0.01 * std::exp(-10 / 17.0)));
}
