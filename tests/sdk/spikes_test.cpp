// SPDX-License-Identifier: Apache-2.0
// The event interface: order of events, traces, delays, bounds, state, and what it refuses.
#include <doctest/doctest.h>

#include <algorithm>
#include <deltaw/spikes.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "pair_stdp.hpp"
#include "places.hpp"
#include "spike_trains.hpp"
#include "wander.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<Parameter> pair_parameters(double tau_plus = 16.8, double tau_minus = 33.7) {
  return {{"a_plus", 0.01}, {"a_minus", 0.012}, {"tau_plus", tau_plus}, {"tau_minus", tau_minus}};
}

RuleModel pair_model(double tau_plus = 16.8, double tau_minus = 33.7) {
  return {{{tau_plus, true, {}}},
          {{tau_minus, true, {}}},
          [](const SynapseModel& s) { return -0.012 * s.post[0]; },
          [](const SynapseModel& s) { return 0.01 * s.pre[0]; }};
}

// Uses all that the interface offers: two traces on both sides, one of them of the last spike only,
// the weight, its bounds, and changes where nothing is remembered.
template <class T>
struct Everything : SpikeRule<Everything<T>, T, 2, 2> {
  static constexpr auto id = "everything";
  static constexpr auto version = "1.0.0";
  static constexpr bool pre_everywhere = true, post_everywhere = true, needs_bounds = true;

  explicit Everything(const Setup& setup)
      : Everything::SpikeRule(setup, {all_to_all(20), nearest(60)}, {nearest(15), all_to_all(40)}) {
  }
  T on_pre(const Synapse<T>& s) const {
    return T(-0.01) * (s.weight - s.lower) * (s.post[0] + T(0.3) * s.post[1] * s.pre[1] + T(0.1));
  }
  T on_post(const Synapse<T>& s) const {
    return T(0.01) * (s.upper - s.weight) * (s.pre[0] + T(0.3) * s.pre[1] * s.post[1] - T(0.2));
  }
};

RuleModel everything_model() {
  return {{{20}, {60, false}},
          {{15, false}, {40}},
          [](const SynapseModel& s) {
            return -0.01 * (s.weight - s.lower) * (s.post[0] + 0.3 * s.post[1] * s.pre[1] + 0.1);
          },
          [](const SynapseModel& s) {
            return 0.01 * (s.upper - s.weight) * (s.pre[0] + 0.3 * s.pre[1] * s.post[1] - 0.2);
          }};
}

arma::mat starting_weights(arma::uword outputs, arma::uword inputs) {
  return 0.5 + 0.1 * normal<double>(outputs, inputs, 5);
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;

template <template <class> class Rule, class T>
void compare(const std::vector<Parameter>& parameters, const RuleModel& model, double lower,
             double upper) {
  for (const int longest : {-1, 0, 3, 40}) {
    for (const bool is_in_place : {true, false}) {
      CAPTURE(longest);
      CAPTURE(is_in_place);
      const SpikeTrains trains = random_trains(4, 5, 4000, 0.03, 7, longest);
      const Weights w{starting_weights(4, 5), lower, upper, 0.8, is_in_place};
      Probe<Rule, T> rule(parameters, 4, 5);
      auto weights = arma::conv_to<arma::Mat<T>>::from(w.start);
      const arma::Mat<T> ours = show(rule, trains, weights, w);
      const arma::mat theirs = expected(model, trains, w);
      CHECK(largest_difference(ours, theirs) < tolerance<T>);
      CHECK(arma::abs(theirs - (is_in_place ? w.start : arma::zeros(4, 5))).max() > 0.01);
    }
  }
}

}  // namespace

TEST_CASE("pair STDP in one file takes at most 40 lines, and stands in the contract") {
  const auto read = [](const char* name) {
    std::ifstream file(std::string(k_source_folder) + name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string rule = read("/tests/sdk/pair_stdp.hpp");
  CHECK(std::count(rule.begin(), rule.end(), '\n') <= 40);
  const std::size_t begin = rule.find("template <class T>");
  REQUIRE(begin != std::string::npos);
  CHECK(read("/docs/contract.md").find(rule.substr(begin)) != std::string::npos);
}

TEST_CASE_TEMPLATE("pair STDP does what all pairs of spikes add up to", T, float, double) {
  compare<PairStdp, T>(pair_parameters(), pair_model(), -10, 10);
}

TEST_CASE_TEMPLATE("traces that die before the next spike, or before an arrival, change nothing", T,
                   float, double) {
  compare<PairStdp, T>(pair_parameters(1.2, 1.7), pair_model(1.2, 1.7), -10, 10);
}

TEST_CASE_TEMPLATE("hard bounds hold at every step", T, float, double) {
  compare<PairStdp, T>(pair_parameters(), pair_model(), 0.4, 0.6);
}

TEST_CASE_TEMPLATE("two traces, weights and rules that act everywhere equal the brute force", T,
                   float, double) {
  compare<Everything, T>({}, everything_model(), 0, 1);
}

TEST_CASE_TEMPLATE("within a step arrivals come first, and a spike's own trace after it", T, float,
                   double) {
  const SpikeTrains trains{1, 1, 1, {{0}, {}, {0}}, {{0}, {}, {}}, {}};
  Probe<PairStdp, T> rule(pair_parameters(), 1, 1);
  arma::Mat<T> w(1, 1, arma::fill::zeros);
  const Weights weights{arma::mat(1, 1, arma::fill::zeros)};
  show(rule, trains, w, weights);
  CHECK(double(w[0]) == doctest::Approx(0.01 - 0.012 * std::exp(-2 / 33.7)).epsilon(1e-6));
}

TEST_CASE("arrivals wait for their delay, and a block without spikes works them off") {
  // Departure at 0, delay 3; the target spikes at 1 and at 3, where the arrival comes first.
  SpikeTrains trains{1, 1, 1, {{0}, {}, {}, {}, {}}, {{}, {0}, {}, {0}, {}}, {}};
  trains.delays = arma::Mat<arma::u8>{3};
  const Weights weights{arma::mat(1, 1, arma::fill::zeros)};
  const auto after = [&](std::size_t last) {
    Probe<PairStdp, double> rule(pair_parameters(), 1, 1);
    arma::mat w(1, 1, arma::fill::zeros);
    return show(rule, trains, w, weights, 0, last)[0];
  };
  const double depression = -0.012 * std::exp(-2 / 33.7);
  CHECK(after(3) == 0);
  CHECK(after(4) == doctest::Approx(depression + 0.01));
  trains.post[3].clear();
  CHECK(after(3) == 0);
  CHECK(after(4) == doctest::Approx(depression));
  trains.delays[0] = 255;
  CHECK(after(5) == 0);
}

TEST_CASE_TEMPLATE("a rule saved half-way goes on with the same bits", T, float, double) {
  for (const int longest : {-1, 12}) {
    CAPTURE(longest);
    const SpikeTrains trains = random_trains(4, 5, 3000, 0.03, 9, longest);
    const Weights w{starting_weights(4, 5), 0, 1};
    const auto start = arma::conv_to<arma::Mat<T>>::from(w.start);
    for (const std::size_t half : {400UL, 603UL, 1003UL, 1500UL}) {
      arma::Mat<T> whole = start, parts = start;
      Probe<Everything, T> all({}, 4, 5), first({}, 4, 5), second({}, 4, 5);
      Probe<PairStdp, T> pair_all(pair_parameters(), 4, 5), pair_first(pair_parameters(), 4, 5),
          pair_second(pair_parameters(), 4, 5);
      show(all, trains, whole, w);
      show(first, trains, parts, w, 0, half);
      second.load(first.save());
      show(second, trains, parts, w, half);
      CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
      whole = parts = start;
      show(pair_all, trains, whole, w);
      show(pair_first, trains, parts, w, 0, half);
      pair_second.load(pair_first.save());
      show(pair_second, trains, parts, w, half);
      CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
    }
  }
}

TEST_CASE("a rule saved at any time goes on with the same bits where traces die early") {
  const SpikeTrains trains = random_trains(4, 5, 3000, 0.05, 19, 40);
  const Weights w{starting_weights(4, 5)};
  const auto p = pair_parameters(1.2, 1.7);
  arma::mat whole = w.start;
  Probe<PairStdp, double> all(p, 4, 5);
  show(all, trains, whole, w);
  for (std::size_t half = 20; half < 3000; half += 19) {
    CAPTURE(half);
    arma::mat parts = w.start;
    Probe<PairStdp, double> first(p, 4, 5), second(p, 4, 5);
    show(first, trains, parts, w, 0, half);
    second.load(first.save());
    show(second, trains, parts, w, half);
    CHECK(arma::approx_equal(whole, parts, "absdiff", 0.0));
  }
}

TEST_CASE("after reset() nothing is remembered") {
  const SpikeTrains trains = random_trains(4, 5, 900, 0.05, 3, 6);
  const Weights w{starting_weights(4, 5)};
  Probe<PairStdp, double> rule(pair_parameters(), 4, 5);
  arma::mat once = w.start, again = w.start;
  show(rule, trains, once, w);
  rule.reset();
  show(rule, trains, again, w);
  CHECK(arma::approx_equal(once, again, "absdiff", 0.0));
}

TEST_CASE("wrong spikes, times and bounds are refused by name") {
  Probe<PairStdp, double> rule(pair_parameters(), 2, 3);
  arma::mat w(2, 3, arma::fill::zeros);
  rule.set(deltaw::weights, w);
  const auto shows = [&](const Units& arrivals, const Units& spikes, std::uint64_t step,
                         double dt = 1) {
    rule.set_spikes(spikes_pre, arrivals).set_spikes(spikes_post, spikes).set_time(step, dt);
    try {
      rule.update_in_place(w);
    } catch (const Failure& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const auto has = [](const std::string& text, const char* part) {
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  };
  has(shows({0}, {}, 0, 0), "steps that last some time");
  has(shows({0}, {}, 0, 20), "steps must not be longer than the trace");
  CHECK(shows({0}, {1}, 4).empty());
  has(shows({3}, {}, 5), "a spike of input 3, of which there are 3");
  has(shows({}, {2}, 5), "a spike of unit 2, of which there are 2");
  has(shows({1, 1}, {}, 5), "unit 1 spikes twice in step 5");
  has(shows({0}, {}, 3), "spikes at step 3 after step 4: steps must advance");
  has(shows({0}, {}, 4), "steps must advance");
  CHECK(shows({}, {}, 4).empty());
  has(shows({0}, {}, 6, 0.5), "dt changed");

  Probe<Everything, double> bounded({}, 2, 3);
  bounded.set(deltaw::weights, w).set_spikes(spikes_pre, {0}).set_spikes(spikes_post, {});
  bounded.set_time(0, 1).set_bounds(0, INFINITY);
  CHECK_THROWS_WITH_AS(bounded.update_in_place(w), doctest::Contains("everything needs weights"),
                       Failure);
  auto parameters = pair_parameters();
  parameters[3].value = -1.0;
  Probe<PairStdp, double> backwards(parameters, 2, 3);
  backwards.set(deltaw::weights, w).set_spikes(spikes_pre, {0}).set_spikes(spikes_post, {});
  CHECK_THROWS_WITH_AS(backwards.set_time(0, 1).update(), doctest::Contains("must be above 0 ms"),
                       Failure);
}
