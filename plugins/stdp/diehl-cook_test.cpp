// SPDX-License-Identifier: Apache-2.0
// The four forms of Diehl & Cook, by hand and against sums over all spikes.
#include <doctest/doctest.h>

#include "diehl_cook.hpp"
#include "spike_trains.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

std::vector<Parameter> parameters(const char* form, const std::vector<Parameter>& changes = {}) {
  return changed({{"form", form},
                  {"pairing", "nearest"},
                  {"eta_pre", 1e-4},
                  {"eta_post", 1e-2},
                  {"tau_pre", 20.0},
                  {"tau_post", 20.0},
                  {"tau_post2", 40.0},
                  {"x_tar", 0.4},
                  {"mu", 0.2},
                  {"beta", 1.0}},
                 changes);
}

double e(double ms, double tau) { return std::exp(-ms / tau); }

// Weight after these spikes of one synapse that starts at `w`, bounds 0 and 1.
double after(const std::vector<Parameter>& p, double w, const std::vector<int>& pre,
             const std::vector<int>& post) {
  SpikeTrains trains{1, 1, 1, std::vector<Units>(100), std::vector<Units>(100), {}};
  for (const int t : pre) trains.pre[static_cast<std::size_t>(t)] = {0};
  for (const int t : post) trains.post[static_cast<std::size_t>(t)] = {0};
  Probe<DiehlCook, double> rule(p, 1, 1);
  arma::mat weights{w};
  return show(rule, trains, weights, {arma::mat{w}, 0, 1})[0];
}

}  // namespace

TEST_CASE("the released rule, spike by spike") {
  const auto p = parameters("triplet");
  // An isolated spike of the target changes nothing; an arrival after it weakens by 1e-4 y1.
  CHECK(after(p, 0.3, {10}, {15}) == 0.3);
  CHECK(after(p, 0.3, {18}, {15}) == doctest::Approx(0.3 - 1e-4 * e(3, 20)));
  // Two spikes with an arrival between: weakening, then growth by 1e-2 x y2 of the first one.
  CHECK(after(p, 0.3, {18}, {15, 25}) ==
        doctest::Approx(0.3 - 1e-4 * e(3, 20) + 1e-2 * e(7, 20) * e(10, 40)));
  // Traces are set, not added: the second arrival counts as 1.
  CHECK(after(p, 0.3, {16, 18}, {15, 25}) ==
        doctest::Approx(0.3 - 1e-4 * (e(1, 20) + e(3, 20)) + 1e-2 * e(7, 20) * e(10, 40)));
  CHECK(after(p, 0.999, {18}, {15, 19}) == 1.0);  // the bound
}

TEST_CASE("the rules with a target for the trace, at one spike") {
  const double x = e(6, 20), w = 0.3;
  CHECK(after(parameters("power-law"), w, {10}, {16}) ==
        doctest::Approx(w + 1e-2 * (x - 0.4) * std::pow(0.7, 0.2)));
  CHECK(after(parameters("exponential", {{"beta", 3.0}}), w, {10}, {16}) ==
        doctest::Approx(w + 1e-2 * (x * std::exp(-3 * 0.3) - 0.4 * std::exp(-3 * 0.7))));
  const double grown = w + 1e-2 * (x - 0.4) * std::pow(0.7, 0.2);
  CHECK(after(parameters("pre-and-post"), w, {10, 19}, {16}) ==
        doctest::Approx(grown - 1e-4 * e(3, 20) * std::pow(grown, 0.2)));
  // Only pre-and-post weakens at an arrival.
  CHECK(after(parameters("power-law"), w, {10, 19}, {16}) == doctest::Approx(grown));
}

TEST_CASE("an input that is silent loses weight where the trace has a target, and only there") {
  CHECK(after(parameters("power-law"), 0.3, {}, {16}) ==
        doctest::Approx(0.3 - 1e-2 * 0.4 * std::pow(0.7, 0.2)));
  CHECK(after(parameters("pre-and-post"), 0.3, {}, {16}) < 0.299);
  CHECK(after(parameters("exponential"), 0.3, {}, {16}) ==
        doctest::Approx(0.3 - 1e-2 * 0.4 * std::exp(-0.7)));
  CHECK(after(parameters("triplet"), 0.3, {}, {16, 18}) == 0.3);
}

TEST_CASE_TEMPLATE("random trains equal the sums over all spikes in every form", T, float, double) {
  const auto power = [](double x, double mu) { return std::pow(std::max(x, 0.0), mu); };
  const auto growth = [=](const SynapseModel& s) {
    return 0.05 * (s.pre[0] - 0.4) * power(s.upper - s.weight, 0.2);
  };
  struct Case {
    const char* form;
    std::function<double(const SynapseModel&)> on_pre, on_post;
  };
  const auto nothing = [](const SynapseModel&) { return 0.0; };
  const Case cases[] = {
      {"triplet", [](const SynapseModel& s) { return -0.01 * s.post[0]; },
       [](const SynapseModel& s) { return 0.05 * s.pre[0] * s.post[1]; }},
      {"power-law", nothing, growth},
      {"exponential", nothing,
       [](const SynapseModel& s) {
         return 0.05 * (s.pre[0] * std::exp(-s.weight) - 0.4 * std::exp(s.weight - s.upper));
       }},
      {"pre-and-post",
       [=](const SynapseModel& s) { return -0.01 * s.post[0] * power(s.weight - s.lower, 0.2); },
       growth}};
  for (const Case& c : cases) {
    CAPTURE(c.form);
    for (const bool is_nearest : {true, false}) {
      for (const int longest : {-1, 20}) {
        for (const bool is_in_place : {true, false}) {
          const SpikeTrains trains = random_trains(3, 4, 3000, 0.04, 31, longest);
          const Weights w{0.5 + 0.1 * normal<double>(3, 4, 5), 0.1, 0.9, 0.7, is_in_place};
          const RuleModel model{
              {{20, !is_nearest}}, {{20, !is_nearest}, {40, !is_nearest}}, c.on_pre, c.on_post};
          const auto p = parameters(c.form, {{"pairing", is_nearest ? "nearest" : "all-to-all"},
                                             {"eta_pre", 0.01},
                                             {"eta_post", 0.05}});
          const double tolerance = std::is_same_v<T, float> ? 1e-4 : 1e-11;
          CHECK(distance<DiehlCook, T>(p, model, trains, w) < tolerance);
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("a rule saved half-way goes on with the same bits", T, float, double) {
  for (const char* form : {"triplet", "pre-and-post"}) {
    const SpikeTrains trains = random_trains(4, 5, 2000, 0.04, 3, 15);
    const Weights w{0.5 + 0.1 * normal<double>(4, 5, 5), 0, 1};
    arma::Mat<T> whole = arma::conv_to<arma::Mat<T>>::from(w.start), parts = whole;
    Probe<DiehlCook, T> all(parameters(form), 4, 5), first(parameters(form), 4, 5),
        second(parameters(form), 4, 5);
    show(all, trains, whole, w);
    show(first, trains, parts, w, 0, 1010);
    second.load(first.save());
    show(second, trains, parts, w, 1010);
    CHECK(arma::approx_equal(whole, parts, "absdiff", T(0)));
  }
}

TEST_CASE("only the released rule does without bounds") {
  for (const char* form : {"power-law", "exponential", "pre-and-post", "triplet"}) {
    Probe<DiehlCook, float> rule(parameters(form), 1, 1);
    const SpikeTrains trains{1, 1, 1, {{0}}, {{0}}, {}};
    arma::fmat w(1, 1, arma::fill::zeros);
    if (std::string(form) == "triplet") {
      CHECK_NOTHROW(show(rule, trains, w, {arma::mat(1, 1)}));
    } else {
      CHECK_THROWS_WITH_AS(show(rule, trains, w, {arma::mat(1, 1)}),
                           doctest::Contains("diehl-cook needs weights"), Failure);
    }
  }
}
