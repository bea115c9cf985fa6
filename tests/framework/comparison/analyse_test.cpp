// SPDX-License-Identifier: Apache-2.0
// Snapshots that hold what the test planted: analysis.json must say it, at the right times.
#include "comparison/analyse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/decoding.hpp"
#include "framework/analysis/planted.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

constexpr std::size_t units = 8, steps = 100;
constexpr SnapshotPlan plan{.layer = 1, .stride = 1, .trials = 20, .unit = 3, .step = 25};

std::unique_ptr<const TrialTask> dnms() {
  return make_trial_task(
      {.type = "delayed-nonmatch",
       .dt = 10,
       .match = {.first = {0, 200}, .second = {400, 600}, .response = {800, 1000}}});
}

// Unit 0 shows the first stimulus up to 200 ms, unit 1 the answer from 800 ms on.
double learnt(std::uint32_t kind, std::size_t unit, std::size_t step) {
  if (unit == 0 && step <= 20) return 3 * sign_of(first_stimulus, kind);
  if (unit == 1 && step >= 80) return 3 * sign_of(response, kind);
  return 0;
}

// Disturbed, all units are off by `jump`, which falls by e in `tau` ms.
Snapshot snapshot(const Signal& signal, arma::mat weights, double tau) {
  Snapshot made;
  made.recording = planted(plan.trials, units, steps, 0.5, signal);
  made.clean.zeros(units, steps);
  made.disturbed.zeros(units, steps);
  made.potential_difference.zeros(steps);
  for (std::size_t step = plan.step; step < steps; ++step) {
    const double left = plan.jump * std::exp(-10.0 * static_cast<double>(step - plan.step) / tau);
    made.disturbed.col(step).fill(static_cast<float>(left));
    made.potential_difference[step] = left;
  }
  made.weights = {{"recurrent>recurrent", std::move(weights)}};
  return made;
}

const Snapshot& before() {
  static const Snapshot made = snapshot([](auto...) { return 0.0; }, {{1, -2}, {3, 4}}, 30);
  return made;
}
const Snapshot& after() {
  static const Snapshot made = snapshot(learnt, {{1, -2}, {3.5, 2}}, 60);
  return made;
}
const json& analysis() {
  static const json made = analyse(plan, before(), after(), *dnms(), "recurrent");
  return made;
}

}  // namespace

TEST_CASE("an analysis names its layer, kinds and windows, in ms") {
  CHECK(analysis()["layer"] == "recurrent");
  CHECK(analysis()["kinds"] == json({"AA", "AB", "BA", "BB"}));
  CHECK(analysis()["windows"][1] == json({{"name", "delay"}, {"from", 200}, {"to", 400}}));
  CHECK(analysis()["times"].size() == steps);
  CHECK(analysis()["times"][99] == 990);
}

TEST_CASE("weight changes are those of each connection") {
  const json& change = analysis()["weights"][0];
  CHECK(change["connection"] == "recurrent>recurrent");
  CHECK(change["relative"].get<double>() == doctest::Approx(2.5 / 10));
  CHECK(change["median_ratio"].get<double>() == doctest::Approx((0 + 0.5 / 3) / 2).epsilon(1e-3));
  CHECK(change["unstable_mean_ratio"].get<double>() ==
        doctest::Approx((0.5 / 3 + 0.5) / 4).epsilon(1e-3));
  CHECK(change["most"][0] == json({{"to", 1}, {"from", 1}, {"before", 4}, {"after", 2}}));
  CHECK(*relative_change(before().weights, after().weights) == doctest::Approx(0.25));
  CHECK_FALSE(relative_change({}, {}));
}

TEST_CASE("the mean activity of each kind is that of its trials") {
  const json& activity = analysis()["activity"];
  CHECK(activity["units"] == json({0, 1, 2, 3, 4, 5, 6, 7}));
  for (std::uint32_t kind = 0; kind < 4; ++kind) {
    const double shown = activity["after"][kind][1][90].get<double>();
    CHECK(shown == doctest::Approx(3 * sign_of(response, kind)).epsilon(0.2));
    CHECK(std::abs(activity["before"][kind][1][90].get<double>()) < 0.5);
  }
}

TEST_CASE("mixed selectivity appears in the response window of the trained network alone") {
  const json& selectivity = analysis()["selectivity"];
  CHECK(selectivity["factors"] == json({"stimulus 1", "stimulus 2"}));
  REQUIRE(selectivity["windows"].size() == 4);
  for (const json& window : selectivity["windows"]) {
    CHECK(window["before"]["units"] == 0);
    CHECK(window["after"]["units"] == (window["window"] == "response" ? 1.0 / units : 0));
  }
}

TEST_CASE("the conjunction's share of variance is that of the coefficients, over units that vary") {
  // Activity A u1 + B u2 + C u1 u2 without noise: 3, 0, 4 in unit 0, 1, 2, 2 in unit 1, else none.
  const auto signal = [](std::uint32_t kind, std::size_t unit, std::size_t) {
    const double u1 = -sign_of(first_stimulus, kind), u2 = -sign_of(second_stimulus, kind);
    if (unit == 0) return 3 * u1 + 4 * u1 * u2;
    return unit == 1 ? u1 + 2 * u2 + 2 * u1 * u2 : 0;
  };
  Snapshot exact = before();
  exact.recording = planted(plan.trials, units, steps, 0, signal);
  const json windows =
      analyse(plan, before(), exact, *dnms(), "recurrent")["selectivity"]["windows"];
  CHECK(windows[0]["after"]["variance"].get<double>() ==
        doctest::Approx((16.0 / 25 + 4.0 / 9) / 2).epsilon(1e-3));
}

TEST_CASE("decoding finds each factor where it is, by train time, then test time") {
  const json &first = analysis()["decoding"][0], &answer = analysis()["decoding"][2];
  CHECK(first["factor"] == "stimulus 1");
  CHECK(answer["factor"] == "response");
  CHECK(answer["times"][90] == 900);
  CHECK(first["accuracy"][10][15] == 1);
  CHECK(first["accuracy"][90][90].get<double>() < 0.8);
  CHECK(answer["accuracy"][90][95] == 1);
  CHECK(answer["accuracy"][10][10].get<double>() < 0.8);
  const arma::mat whole = decode(after().recording, response, {.stride = 1}).accuracy;
  REQUIRE(std::abs(whole(90, 40) - whole(40, 90)) > 0.01);
  CHECK(answer["accuracy"][90][40].get<double>() == doctest::Approx(whole(90, 40)).epsilon(1e-3));
}

TEST_CASE("trials are grouped by stimulus first and by answer last") {
  const json& geometry = analysis()["geometry"];
  REQUIRE(geometry.size() == 4);
  const double times[] = {190, 590, 800, 990};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(geometry[i]["time"] == times[i]);
    CHECK(geometry[i]["points"].size() == 80);
    CHECK(geometry[i]["points"][0].size() == 2);
  }
  const json &early = geometry[0]["ratios"], &late = geometry[3]["ratios"];
  CHECK(early["stimulus 1"].get<double>() > 2);
  CHECK(early["response"].get<double>() < 1.1);
  CHECK(late["stimulus 1"].get<double>() < 1.1);
  CHECK(late["response"].get<double>() > 2);
}

TEST_CASE("a disturbance relaxes with the time constant it was given") {
  const json& relaxation = analysis()["relaxation"];
  CHECK(relaxation["unit"] == 3);
  CHECK(relaxation["at"] == 250);
  CHECK(relaxation["before"]["time"].get<double>() == doctest::Approx(30).epsilon(1e-3));
  CHECK(relaxation["after"]["time"].get<double>() == doctest::Approx(60).epsilon(1e-3));
  const auto times = relaxation["times"].get<std::vector<double>>();
  const auto jump =
      static_cast<std::size_t>(std::find(times.begin(), times.end(), 250) - times.begin());
  REQUIRE(times[0] < 250);
  CHECK(relaxation["after"]["unit"][jump - 1] == 0);
  CHECK(relaxation["after"]["unit"][jump] == 0.5);
  CHECK(relaxation["after"]["distance"][jump].get<double>() ==
        doctest::Approx(0.5 * std::sqrt(8)).epsilon(1e-3));
}

TEST_CASE("a task of one kind has neither factors to decode nor groups to tell apart") {
  const auto task = make_trial_task({.type = "sine-sum", .dt = 20});
  REQUIRE(task->steps() == steps);
  Snapshot one = before();
  std::ranges::fill(one.recording.kind, 0);
  const json found = analyse(plan, one, one, *task, "recurrent");
  CHECK(found["selectivity"].is_null());
  CHECK(found["decoding"].empty());
  CHECK(found["geometry"].empty());
  CHECK(found["activity"]["after"].size() == 1);
}
