// SPDX-License-Identifier: Apache-2.0
// Each rule leaves the weights that Brian2 computes from the same spikes (Stimberg, Brette and
// Goodman 2019, doi:10.7554/eLife.47314), with delays and without: brian2_reference.py.
#include <doctest/doctest.h>

#include "brian2_reference.hpp"
#include "diehl_cook.hpp"
#include "pair.hpp"
#include "spike_trains.hpp"
#include "triplet.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::uint32_t k_inputs = 6, k_units = 5, k_steps = 1600;

std::uint32_t draw(std::uint32_t step, std::uint32_t unit, std::uint32_t salt) {
  std::uint32_t h = 2654435761U * step + 40503U * unit + 977U * salt;
  h = (h ^ (h >> 15)) * 2246822519U;
  return (h ^ (h >> 13)) % 1000;
}

SpikeTrains trains(std::uint32_t longest) {
  SpikeTrains out{k_units, k_inputs, 0.5, {}, {}, {}};
  out.pre.resize(k_steps);
  out.post.resize(k_steps);
  for (std::uint32_t t = 0; t < k_steps; ++t) {
    if (t >= 700 && t < 900) continue;
    for (std::uint32_t j = 0; j < k_inputs; ++j) {
      if (draw(t, j, 1) < 30) out.pre[t].push_back(j);
    }
    for (std::uint32_t i = 0; i < k_units; ++i) {
      if (draw(t, i, 2) < 20) out.post[t].push_back(i);
    }
  }
  if (longest == 0) return out;
  out.delays.set_size(k_units, k_inputs);
  for (std::uint32_t i = 0; i < k_units; ++i) {
    for (std::uint32_t j = 0; j < k_inputs; ++j) {
      out.delays(i, j) = static_cast<arma::u8>((5 * i + 3 * j) % (longest + 1));
    }
  }
  return out;
}

// The largest difference from Brian2's weights.
template <template <class> class Rule, class T>
double difference(const std::vector<Parameter>& parameters, const SpikeTrains& shown,
                  const std::vector<double>& brian2) {
  arma::Mat<T> w(k_units, k_inputs);
  for (std::uint32_t i = 0; i < k_units; ++i) {
    for (std::uint32_t j = 0; j < k_inputs; ++j) w(i, j) = T(0.3) + T((7 * i + 13 * j) % 11) / 25;
  }
  const arma::Mat<T> start = w;
  Probe<Rule, T> rule(parameters, k_units, k_inputs);
  show(rule, shown, w, {arma::mat(k_units, k_inputs), 0, 1});
  CHECK(arma::abs(w - start).max() > 0.03);
  double largest = 0;
  for (arma::uword k = 0; k < w.n_elem; ++k) {
    const double theirs = brian2[k % k_units * k_inputs + k / k_units];
    largest = std::max(largest, std::abs(static_cast<double>(w[k]) - theirs));
  }
  return largest;
}

std::vector<Parameter> pair(const char* pairing, const char* bounds) {
  return {{"pairing", pairing}, {"window", "exponential"}, {"bounds", bounds},  {"a_plus", 0.02},
          {"a_minus", 0.03},    {"tau_plus", 17.0},        {"tau_minus", 34.0}, {"mu", 0.4},
          {"reach", 100.0}};
}
std::vector<Parameter> triplet(const char* pairing) {
  return {{"pairing", pairing}, {"a2_plus", 0.006},  {"a3_plus", 0.0065},
          {"a2_minus", 0.005},  {"a3_minus", 0.002}, {"tau_plus", 16.8},
          {"tau_minus", 33.7},  {"tau_x", 101.0},    {"tau_y", 114.0}};
}
std::vector<Parameter> diehl_cook(const char* pairing, const char* form) {
  return {{"form", form},    {"pairing", pairing}, {"eta_pre", 0.005},  {"eta_post", 0.02},
          {"tau_pre", 20.0}, {"tau_post", 20.0},   {"tau_post2", 40.0}, {"x_tar", 0.4},
          {"mu", 0.2},       {"beta", 1.0}};
}

}  // namespace

TEST_CASE_TEMPLATE("every rule leaves Brian2's weights", T, float, double) {
  const double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;
  const auto compare = [&](const char* pairing, std::uint32_t longest,
                           const std::vector<const std::vector<double>*>& brian2) {
    CAPTURE(pairing);
    CAPTURE(longest);
    const SpikeTrains shown = trains(longest);
    CHECK(difference<Stdp, T>(pair(pairing, "additive"), shown, *brian2[0]) < tolerance);
    CHECK(difference<Stdp, T>(pair(pairing, "power-law"), shown, *brian2[1]) < tolerance);
    CHECK(difference<TripletStdp, T>(triplet(pairing), shown, *brian2[2]) < tolerance);
    const char* forms[] = {"triplet", "power-law", "exponential", "pre-and-post"};
    for (std::size_t k = 0; k < 4; ++k) {
      CAPTURE(forms[k]);
      CHECK(difference<DiehlCook, T>(diehl_cook(pairing, forms[k]), shown, *brian2[3 + k]) <
            tolerance);
    }
  };
  compare("all-to-all", 0,
          {&additive_all_0, &power_law_all_0, &triplet_all_0, &dc_triplet_all_0,
           &dc_power_law_all_0, &dc_exponential_all_0, &dc_pre_and_post_all_0});
  compare("all-to-all", 20,
          {&additive_all_20, &power_law_all_20, &triplet_all_20, &dc_triplet_all_20,
           &dc_power_law_all_20, &dc_exponential_all_20, &dc_pre_and_post_all_20});
  compare("nearest", 0,
          {&additive_nearest_0, &power_law_nearest_0, &triplet_nearest_0, &dc_triplet_nearest_0,
           &dc_power_law_nearest_0, &dc_exponential_nearest_0, &dc_pre_and_post_nearest_0});
  compare("nearest", 20,
          {&additive_nearest_20, &power_law_nearest_20, &triplet_nearest_20, &dc_triplet_nearest_20,
           &dc_power_law_nearest_20, &dc_exponential_nearest_20, &dc_pre_and_post_nearest_20});
}
