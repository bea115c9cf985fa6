// SPDX-License-Identifier: Apache-2.0
// Triplet STDP: the models of Pfister and Gerstner 2006 on the protocols that they were fitted to,
// triplets by hand, and random trains against sums over all spikes.
#include <doctest/doctest.h>

#include "spike_trains.hpp"
#include "triplet.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

struct Model {
  const char* pairing;
  double a2_plus, a3_plus, a2_minus, a3_minus, tau_x, tau_y;
};

std::vector<Parameter> parameters(const Model& m) {
  return {{"pairing", m.pairing},   {"a2_plus", m.a2_plus},   {"a3_plus", m.a3_plus},
          {"a2_minus", m.a2_minus}, {"a3_minus", m.a3_minus}, {"tau_plus", 16.8},
          {"tau_minus", 33.7},      {"tau_x", m.tau_x},       {"tau_y", m.tau_y}};
}

// The published fits; tau_x of a minimal model has no effect.
const Model cortex_all_full{"all-to-all", 5e-10, 6.2e-3, 7e-3, 2.3e-4, 101, 125};
const Model cortex_all{"all-to-all", 0, 6.5e-3, 7.1e-3, 0, 101, 114};
const Model cortex_nearest_full{"nearest", 8.8e-11, 5.3e-2, 6.6e-3, 3.1e-3, 714, 40};
const Model cortex_nearest{"nearest", 0, 5e-2, 8e-3, 0, 714, 40};
const Model hippocampus_all_full{"all-to-all", 6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3, 946, 27};
const Model hippocampus_nearest{"nearest", 4.6e-3, 9.1e-3, 3e-3, 0, 714, 48};

// 60 times the spikes at these ms, every `period` ms.
struct Protocol {
  std::vector<int> pre, post;
  int period;
};

template <class T>
double change(const Model& model, const Protocol& protocol) {
  SpikeTrains trains{1, 1, 1, {}, {}, {}};
  trains.pre.resize(static_cast<std::size_t>(60 * protocol.period + 100));
  trains.post.resize(trains.pre.size());
  for (int k = 0; k < 60; ++k) {
    const auto at = [&](int ms) { return static_cast<std::size_t>(50 + k * protocol.period + ms); };
    for (const int ms : protocol.pre) trains.pre[at(ms)] = {0};
    for (const int ms : protocol.post) trains.post[at(ms)] = {0};
  }
  Probe<TripletStdp, T> rule(parameters(model), 1, 1);
  arma::Mat<T> w(1, 1, arma::fill::zeros);
  return static_cast<double>(show(rule, trains, w, {arma::mat(1, 1)})[0]);
}

constexpr int k_periods[] = {10000, 100, 50, 25, 20};  // 0.1, 10, 20, 40, 50 Hz

// Mean of ((model - data) / standard error)² over Sjöström, Turrigiano and Nelson 2001
// (doi:10.1016/S0896-6273(01)00542-6): pairs at five rates, +10 ms and -10 ms.
double error_on_cortex(const Model& model) {
  const double data[2][5] = {{-0.04, 0.14, 0.29, 0.53, 0.56}, {-0.29, -0.41, -0.34, 0.56, 0.75}};
  const double sem[2][5] = {{0.05, 0.10, 0.14, 0.11, 0.26}, {0.08, 0.11, 0.10, 0.32, 0.19}};
  double sum = 0;
  for (int k = 0; k < 5; ++k) {
    const double plus = change<double>(model, {{0}, {10}, k_periods[k]});
    const double minus = change<double>(model, {{10}, {0}, k_periods[k]});
    sum += std::pow((plus - data[0][k]) / sem[0][k], 2);
    sum += std::pow((minus - data[1][k]) / sem[1][k], 2);
  }
  return sum / 10;
}

RuleModel rule_model(const Model& m) {
  const bool is_summed = std::string(m.pairing) == "all-to-all";
  return {{{16.8, is_summed}, {m.tau_x, is_summed}},
          {{33.7, is_summed}, {m.tau_y, is_summed}},
          [m](const SynapseModel& s) { return -s.post[0] * (m.a2_minus + m.a3_minus * s.pre[1]); },
          [m](const SynapseModel& s) { return s.pre[0] * (m.a2_plus + m.a3_plus * s.post[1]); }};
}

}  // namespace

TEST_CASE_TEMPLATE("the minimal model of visual cortex gives its values for pairs at five rates", T,
                   float, double) {
  const double plus[] = {0.00, 0.12, 0.23, 0.53, 0.76}, minus[] = {-0.32, -0.33, -0.34, 0.17, 0.75};
  for (int k = 0; k < 5; ++k) {
    CAPTURE(k);
    CHECK(std::abs(change<T>(cortex_all, {{0}, {10}, k_periods[k]}) - plus[k]) < 0.006);
    CHECK(std::abs(change<T>(cortex_all, {{10}, {0}, k_periods[k]}) - minus[k]) < 0.006);
  }
}

TEST_CASE("the models of visual cortex are as far from the data as the paper says, in its digits") {
  CHECK(std::abs(error_on_cortex(cortex_all_full) - 0.33) < 0.015);
  CHECK(std::abs(error_on_cortex(cortex_all) - 0.34) < 0.025);
  CHECK(std::abs(error_on_cortex(cortex_nearest_full) - 0.22) < 0.015);
  CHECK(std::abs(error_on_cortex(cortex_nearest) - 0.34) < 0.015);
}

TEST_CASE_TEMPLATE("the minimal model of hippocampus gives its values for pairs and triplets", T,
                   float, double) {
  const auto is = [](const Protocol& protocol, double value) {
    CAPTURE(value);
    CHECK(std::abs(change<T>(hippocampus_nearest, protocol) - value) < 0.006);
  };
  is({{0}, {10}, 1000}, 0.15);
  is({{10}, {0}, 1000}, -0.13);
  // pre-post-pre
  is({{0, 10}, {5}, 1000}, 0.05);
  is({{0, 20}, {10}, 1000}, 0.02);
  is({{0, 20}, {15}, 1000}, -0.04);
  is({{0, 20}, {5}, 1000}, 0.09);
  // post-pre-post
  is({{5}, {0, 10}, 1000}, 0.38);
  is({{10}, {0, 20}, 1000}, 0.22);
  is({{5}, {0, 20}, 1000}, 0.11);
  is({{15}, {0, 20}, 1000}, 0.36);
}

TEST_CASE("one triplet of each kind, by hand: a spike does not see itself") {
  const auto once = [](const std::vector<int>& pre, const std::vector<int>& post) {
    SpikeTrains trains{1, 1, 1, std::vector<Units>(30), std::vector<Units>(30), {}};
    for (const int t : pre) trains.pre[static_cast<std::size_t>(t)] = {0};
    for (const int t : post) trains.post[static_cast<std::size_t>(t)] = {0};
    Probe<TripletStdp, double> rule(parameters({"all-to-all", 0.01, 0.02, 0.03, 0.04, 101, 114}), 1,
                                    1);
    arma::mat w(1, 1, arma::fill::zeros);
    return show(rule, trains, w, {arma::mat(1, 1)})[0];
  };
  const auto e = [](double ms, double tau) { return std::exp(-ms / tau); };
  CHECK(once({0}, {5}) == doctest::Approx(0.01 * e(5, 16.8)));
  CHECK(once({5}, {0}) == doctest::Approx(-0.03 * e(5, 33.7)));
  CHECK(once({0, 12}, {5}) ==
        doctest::Approx(0.01 * e(5, 16.8) - e(7, 33.7) * (0.03 + 0.04 * e(12, 101))));
  CHECK(once({5}, {0, 12}) ==
        doctest::Approx(-0.03 * e(5, 33.7) + e(7, 16.8) * (0.01 + 0.02 * e(12, 114))));
}

TEST_CASE_TEMPLATE("random trains equal the sums over all spikes", T, float, double) {
  for (const Model& model : {cortex_all_full, cortex_nearest_full, hippocampus_all_full}) {
    for (const int longest : {-1, 20}) {
      for (const bool is_in_place : {true, false}) {
        const SpikeTrains trains = random_trains(3, 4, 3000, 0.04, 21, longest);
        const Weights w{0.5 + 0.1 * normal<double>(3, 4, 5), -2, 3, 0.7, is_in_place};
        const double tolerance = std::is_same_v<T, float> ? 3e-5 : 1e-11;
        CHECK(distance<TripletStdp, T>(parameters(model), rule_model(model), trains, w) <
              tolerance);
      }
    }
  }
}
