// SPDX-License-Identifier: Apache-2.0
// Protocols from an experiment to what they measured, against closed forms.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "comparison/protocol_run.hpp"
#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

json two_layers(const json& task, const json& source, const json& neuron, const json& weight) {
  return {
      {"deltaw", 1},
      {"name", "small"},
      {"task", {{"protocol", task}}},
      {"network",
       {{"dt", 0.1},
        {"layers",
         {{{"name", "in"}, {"units", 1}, {"source", source}},
          {{"name", "out"}, {"units", 1}, {"dynamics", neuron}}}},
        {"connections", {{{"from", "in"}, {"to", "out"}, {"init", weight}, {"plastic", false}}}}}},
      {"training", {{"precision", "float64"}}},
      {"rules", {{{"name", "none"}, {"drive", json::array()}}}},
      {"seeds", 1}};
}

json constant(double value) { return {{"type", "constant"}, {"value", value}}; }

json leaky(const json& changes) {
  json neuron = {{"type", "spiking"},
                 {"tau", 20},
                 {"rest", 0},
                 {"threshold", 1},
                 {"excitatory", {{"tau", 0}}},
                 {"inhibitory", {{"tau", 0}}},
                 {"integrator", "exponential"}};
  neuron.update(changes);
  return neuron;
}

json pairing() {
  json document = two_layers(
      {{"type", "pairing"}, {"pairs", 5}, {"lags", {{"from", -40}, {"to", 40}, {"step", 10}}}},
      "protocol", leaky({{"threshold", 15}}), constant(0.5));
  json& layers = document["network"]["layers"];
  const json teacher = {{"name", "teacher"}, {"units", 1}, {"source", "protocol"}};
  layers.insert(layers.begin() + 1, teacher);
  json& connections = document["network"]["connections"];
  connections[0]["plastic"] = true;
  connections[0]["delay"] = 3;
  const json strong = {
      {"from", "teacher"}, {"to", "out"}, {"init", constant(100)}, {"plastic", false}};
  connections.push_back(strong);
  document["rules"] = {
      {{"rule", "stdp"},
       {"parameters", {{"a_plus", 0.004}, {"tau_plus", 15.0}, {"a_minus", 0.003}}}}};
  return document;
}

RunOutcome run_of(const json& document) {
  const Experiment experiment = parse_experiment(document, "small.json");
  Catalogue known({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                    SearchPlace::Kind::folder, "test", 0, ""}});
  std::vector<PreparedArm> arms;
  for (const Arm& arm : experiment.arms) arms.emplace_back(arm, known);
  const Task task;
  check(experiment, arms, task);
  RunOutcome outcome;
  Listener listener;
  listener.on_run = [&](const RunOutcome& one) { outcome = one; };
  compare(experiment, arms, task, 1, {}, listener);
  return outcome;
}

double metric(const RunOutcome& outcome, const std::string& name) {
  CAPTURE(name);
  REQUIRE(outcome.record.metrics.at(name).has_value());
  return *outcome.record.metrics.at(name);
}

// What the variant is refused with.
std::string refusal(Code code, json document, const std::function<void(json&)>& spoil) {
  spoil(document);
  const Error error = error_of([&] { (void)run_of(document); });
  CHECK(error.code() == code);
  return error.text();
}

bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each arrival moves v by the weight, and enough of them make the unit spike") {
  // Spikes 10 ms apart: v after the n-th is 0.4 (1 - q^n) / (1 - q) with q = exp(-1/2), 0.4, 0.64,
  // 0.79, 0.88, 0.93, ... up to 1.0166, above 1 from the 9th on.
  const RunOutcome outcome = run_of(two_layers({{"type", "recording"}, {"show", 300}},
                                               {{"type", "regular"}, {"rate", 100}},
                                               leaky(json::object()), constant(0.4)));
  CHECK(outcome.record.status == "finished");
  CHECK(metric(outcome, "jump") == doctest::Approx(0.4).epsilon(1e-9));
  CHECK(metric(outcome, "weight") == doctest::Approx(0.4).epsilon(1e-9));
  CHECK(metric(outcome, "jump_error") < 1e-9);
  CHECK(metric(outcome, "spikes_in") == 30);
  const double q = std::exp(-0.5);
  int needed = 1;
  while (0.4 * (1 - std::pow(q, needed)) / (1 - q) * std::exp(-0.1 / 20) <= 1) ++needed;
  CHECK(metric(outcome, "spikes_out") == 30 / needed);
  const json& layers = outcome.measurement->at("recording").at("layers");
  CHECK(layers.at(1).at("potentials").at(0).size() == 3000);
}

TEST_CASE("a pairing gives back the rule's window, delays or not") {
  const RunOutcome outcome = run_of(pairing());
  CHECK(metric(outcome, "a_plus") == doctest::Approx(0.004).epsilon(1e-6));
  CHECK(metric(outcome, "tau_plus") == doctest::Approx(15).epsilon(1e-6));
  CHECK(metric(outcome, "a_minus") == doctest::Approx(0.003).epsilon(1e-6));
  CHECK(metric(outcome, "tau_minus") == doctest::Approx(20).epsilon(1e-6));
  for (const char* name : {"a_plus", "tau_plus", "a_minus", "tau_minus"}) {
    CHECK(std::abs(metric(outcome, name + std::string("_error"))) < 1e-6);
  }
  const json& points = outcome.measurement->at("points");
  REQUIRE(points.size() == 9);
  CHECK(points[1].at("lag") == doctest::Approx(-30));
  CHECK(points[1].at("change").get<double>() ==
        doctest::Approx(-5 * 0.003 * std::exp(-30 / 20.0)).epsilon(1e-9));
  CHECK(points[6].at("change").get<double>() ==
        doctest::Approx(5 * 0.004 * std::exp(-20 / 15.0)).epsilon(1e-9));
}

TEST_CASE("intervals under constant currents are those of the closed form, to a step") {
  json document = two_layers(
      {{"type", "current-sweep"},
       {"values", {{"from", 0}, {"to", 1}, {"step", 0.1}}},
       {"show", 500}},
      {{"type", "current"}, {"amplitude", 60}},
      leaky({{"rest", -65}, {"reset", -68}, {"threshold", -50}, {"refractory", 3}}), constant(0.5));
  const RunOutcome outcome = run_of(document);
  // 30 mV at value 1: the first of 3, 6, ... above 15 is 18.
  CHECK(metric(outcome, "threshold_current") == doctest::Approx(18));
  CHECK(metric(outcome, "worst_interval") <= 1);
  const json& last = outcome.measurement->at("points").back();
  CHECK(last.at("current") == doctest::Approx(30));
  const double closed = 3 + 20 * std::log(33.0 / 15);
  CHECK(last.at("expected").get<double>() == doctest::Approx(closed).epsilon(1e-6));
  CHECK(std::abs(last.at("interval").get<double>() - closed) <= 0.1);
  CHECK(outcome.measurement->at("points").at(5).at("expected").is_null());  // 15 mV: never

  document["network"]["layers"][1]["dynamics"]["adaptation"] = {{"increment", 0.1}};
  const RunOutcome adapting = run_of(document);
  CHECK_FALSE(adapting.record.metrics.contains("worst_interval"));
}

TEST_CASE("units that only sum count what a rectifier says, and a refractory period ends that") {
  // tau of 100 s: 1000 ms of x 1e4 mV move v by 100 x.
  json document = two_layers({{"type", "rectification"}, {"samples", 40}, {"show", 1000}},
                             {{"type", "current"}, {"amplitude", 1e4}}, leaky({{"tau", 1e5}}),
                             {{"type", "uniform"}, {"low", -1}, {"high", 1}});
  document["network"]["layers"][0]["units"] = 3;
  document["network"]["layers"][1]["units"] = 8;
  const RunOutcome sums = run_of(document);
  CHECK(metric(sums, "slope") == doctest::Approx(1).epsilon(0.02));
  CHECK(metric(sums, "r_squared") > 0.999);
  CHECK(metric(sums, "right") == 1);
  CHECK(metric(sums, "valid_from") == 0);
  const json& points = sums.measurement->at("points");
  REQUIRE(points.at("ideal").size() == 320);
  CHECK(points.at("ideal").back().get<double>() ==
        doctest::Approx(metric(sums, "valid_to")).epsilon(1e-4));

  document["network"]["layers"][1]["dynamics"]["refractory"] = 5;
  const RunOutcome refractory = run_of(document);
  // n spikes leave 1000 - 5 n ms: n = ideal (1 - n / 200), 5 % off from an ideal count of 10.5 on.
  CHECK(metric(refractory, "slope") < 0.8);
  CHECK(metric(refractory, "valid_to") < 25);
  CHECK(metric(refractory, "right") < 0.9);
}

TEST_CASE("a network that a protocol does not fit is refused before it runs") {
  const auto layer = [](json& d, int i) -> json& {
    return d["network"]["layers"][static_cast<std::size_t>(i)];
  };
  const auto pairing_refused = [&](Code code, const std::function<void(json&)>& spoil) {
    return refusal(code, pairing(), spoil);
  };
  CHECK(has(pairing_refused(Code::E503, [&](json& d) { layer(d, 1)["source"] = "poisson"; }),
            "two sources \"protocol\""));
  CHECK(has(pairing_refused(Code::E503,
                            [](json& d) { d["network"]["connections"][1]["init"]["value"] = 10; }),
            "a spike of 'teacher' does not make 'out' spike"));
  CHECK(has(pairing_refused(Code::E503,
                            [](json& d) { d["network"]["connections"][0]["init"]["value"] = 20; }),
            "spikes when nothing should make it"));
  CHECK(has(pairing_refused(Code::E503, [](json& d) { d["task"]["protocol"]["interval"] = 42; }),
            "pairs would overlap"));
  CHECK(has(pairing_refused(Code::E503,
                            [](json& d) {
                              d["network"]["connections"][0]["delay"] = {{"low", 0}, {"high", 2}};
                            }),
            "one delay"));
  CHECK(has(pairing_refused(Code::E503,
                            [](json& d) {
                              d["task"]["protocol"] = {{"type", "current-sweep"}};
                            }),
            "a sweep of currents needs a source of currents"));
  CHECK(has(pairing_refused(Code::E503,
                            [](json& d) {
                              d["task"]["protocol"] = {{"type", "rectification"}};
                            }),
            "shows no values"));
  CHECK(has(
      pairing_refused(Code::E503,
                      [&](json& d) {
                        d["task"]["protocol"] = {{"type", "rectification"}};
                        layer(d, 0)["source"] = layer(d, 1)["source"] = "poisson";
                        layer(d, 2)["dynamics"] = {{"type", "spiking"}, {"model", "conductance"}};
                      }),
      "does not sum its inputs"));
}
