// SPDX-License-Identifier: Apache-2.0
#include "comparison/summary.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

namespace {

RunRecord run(const std::string& rule, std::uint64_t seed, double accuracy,
              std::optional<double> epochs) {
  return {.rule = rule,
          .seed = seed,
          .metrics = {{"test_accuracy", accuracy}, {"epochs_to_criterion", epochs}}};
}

ComparisonFacts facts() {
  return {.name = "digits",
          .reference = "backprop",
          .rules = {{"backprop", "backprop", "network", "error", {"pre", "error"}},
                    {"oja", "hebbian", "synapse", "none", {"pre", "post"}}},
          .criterion = {"train_accuracy", 0.9}};
}

// Of `n` seeds: backprop at 0.90 + k/1000, oja 0.10 + k/1000 lower, so that pairs differ less than
// rules do; oja meets the criterion in every other run, at epoch 7 instead of 3.
std::vector<RunRecord> records(std::size_t n) {
  std::vector<RunRecord> all;
  for (std::size_t k = 1; k <= n; ++k) {
    const double k_th = static_cast<double>(k) / 1000;
    all.push_back(run("backprop", k, 0.90 + k_th, 3));
    all.push_back(run("oja", k, 0.80, k % 2 == 1 ? std::optional<double>(7) : std::nullopt));
  }
  return all;
}

}  // namespace

TEST_CASE("each rule has its facts, its runs and the median of each metric") {
  const json summary = summarise(facts(), records(7));
  CHECK(summary["name"] == "digits");
  CHECK(summary["reference"] == "backprop");
  CHECK(summary["seeds"] == json({1, 2, 3, 4, 5, 6, 7}));
  CHECK(summary["criterion"]["threshold"] == 0.9);
  const json& backprop = summary["rules"][0];
  CHECK(backprop["rule"] == "backprop");
  CHECK(backprop["runs"] == 7);
  CHECK(backprop["locality"] == "network");
  CHECK(backprop["signals"] == json({"pre", "error"}));
  const json& accuracy = backprop["metrics"]["test_accuracy"];
  CHECK(accuracy["median"].get<double>() == doctest::Approx(0.904));
  CHECK(accuracy["low"].get<double>() < 0.904);
  CHECK(accuracy["high"].get<double>() > 0.904);
  CHECK(accuracy["n"] == 7);
  CHECK(backprop["versus_reference"].empty());
}

TEST_CASE("differences are rule minus reference, seed by seed") {
  const json summary = summarise(facts(), records(7));
  const json& versus = summary["rules"][1]["versus_reference"]["test_accuracy"];
  CHECK(versus["median"].get<double>() == doctest::Approx(-0.104));
  CHECK(versus["low"].get<double>() < -0.104);
  CHECK(versus["high"].get<double>() < 0);
  CHECK(versus["above"] == 0);
  CHECK(versus["p"].get<double>() == doctest::Approx(2.0 / 128));
  CHECK(versus["p_adjusted"] == versus["p"]);
  CHECK_FALSE(versus.contains("equivalent"));
}

TEST_CASE("with too few seeds there is no p, and the verdict says so") {
  const json versus =
      summarise(facts(), records(5))["rules"][1]["versus_reference"]["test_accuracy"];
  CHECK(versus["p"].is_null());
  CHECK(versus["p_adjusted"].is_null());
  CHECK(versus["verdict"] == "too few seeds");
  CHECK(versus["seeds_needed"] == 6);
}

TEST_CASE("all pairs are judged by the metric that ranks rules") {
  const json summary = summarise(facts(), records(7));
  CHECK(summary["judged"] == "test_accuracy");
  REQUIRE(summary["pairs"].size() == 1);
  const json& pair = summary["pairs"][0];
  CHECK(pair["rule"] == "backprop");
  CHECK(pair["other"] == "oja");
  CHECK(pair["median"].get<double>() == doctest::Approx(0.104));
  CHECK(pair["ahead"]["share"] == 1);
  CHECK(pair["improvement"]["share"] == 1);
  CHECK(pair["verdict"] == "better");
  CHECK(summary["rules"][1]["versus_reference"]["test_accuracy"]["verdict"] == "worse");
}

TEST_CASE("one seed is its own interval") {
  const json accuracy = summarise(facts(), records(1))["rules"][1]["metrics"]["test_accuracy"];
  CHECK(accuracy["low"] == 0.80);
  CHECK(accuracy["median"] == 0.80);
  CHECK(accuracy["high"] == 0.80);
}

TEST_CASE("runs that never met the criterion count as infinite") {
  const json most = summarise(facts(), records(7))["rules"][1];
  CHECK(most["metrics"]["epochs_to_criterion"]["median"] == 7);
  CHECK(most["metrics"]["epochs_to_criterion"]["high"].is_null());
  CHECK(most["metrics"]["epochs_to_criterion"]["reached"] == 4);
  CHECK(most["metrics"]["epochs_to_criterion"]["runs"] == 7);
  CHECK(most["versus_reference"]["epochs_to_criterion"]["median"] == 4);
  const json half = summarise(facts(), records(8))["rules"][1]["metrics"]["epochs_to_criterion"];
  CHECK(half["median"].is_null());
  CHECK(half["reached"] == 4);
}

TEST_CASE("seeds where neither rule met the criterion are left out of the difference") {
  std::vector<RunRecord> all = records(3);
  for (RunRecord& record : all) {
    if (record.seed == 2) record.metrics["epochs_to_criterion"] = std::nullopt;
  }
  const json versus = summarise(facts(), all)["rules"][1]["versus_reference"];
  CHECK(versus["epochs_to_criterion"]["n"] == 2);
  CHECK(versus["epochs_to_criterion"]["median"] == 4);
}

TEST_CASE("failed and interrupted runs are counted, not measured, and break their pair") {
  std::vector<RunRecord> all = records(7);
  all[1].status = "failed";
  all[3].status = "interrupted";
  const json oja = summarise(facts(), all)["rules"][1];
  CHECK(oja["runs"] == 5);
  CHECK(oja["failed"] == 1);
  CHECK(oja["interrupted"] == 1);
  CHECK(oja["metrics"]["test_accuracy"]["n"] == 5);
  CHECK(oja["versus_reference"]["test_accuracy"]["n"] == 5);
}

TEST_CASE("a rule of which no run finished has no metrics but that it never met the criterion") {
  std::vector<RunRecord> all = records(2);
  for (const std::size_t i : {1u, 3u}) {
    all[i].status = "failed";
    all[i].metrics["epochs_to_criterion"] = std::nullopt;
  }
  const json oja = summarise(facts(), all)["rules"][1];
  CHECK(oja["runs"] == 0);
  REQUIRE(oja["metrics"].size() == 1);
  CHECK(oja["metrics"]["epochs_to_criterion"]["reached"] == 0);
  CHECK(oja["metrics"]["epochs_to_criterion"]["runs"] == 2);
  CHECK(oja["metrics"]["epochs_to_criterion"]["median"].is_null());
  CHECK(oja["versus_reference"].size() == 1);
}

TEST_CASE("trials to criterion are censored times with a curve, and compared as such") {
  std::vector<RunRecord> all;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto k = static_cast<double>(seed);
    all.push_back({.rule = "backprop",
                   .seed = seed,
                   .metrics = {{"trials", 3000}, {"trials_to_criterion", 100 * k}}});
    RunRecord slow = {.rule = "oja", .seed = seed, .metrics = {{"trials", 3000}}};
    slow.metrics["trials_to_criterion"] = seed <= 5 ? std::optional(100 * k + 1000) : std::nullopt;
    all.push_back(slow);
  }
  const json rules = summarise(facts(), all)["rules"];
  const json& quick = rules[0]["metrics"]["trials_to_criterion"];
  const json& slow = rules[1]["metrics"]["trials_to_criterion"];
  CHECK(quick["median"] == 450);
  CHECK(quick["curve"].size() == 8);
  CHECK(slow["median"] == 1450);
  CHECK(slow["high"].is_null());
  CHECK(slow["reached"] == 5);
  CHECK(slow["runs"] == 8);
  REQUIRE(slow["curve"].size() == 5);
  CHECK(slow["curve"][0][0] == 1100);
  CHECK(slow["curve"][0][1] == 0.875);
  CHECK(slow["curve"][0][2].get<double>() < 0.875);
  CHECK(slow["curve"][0][3].get<double>() > 0.875);

  const json& versus = rules[1]["versus_reference"]["trials_to_criterion"];
  CHECK(versus["median"] == 1000);
  CHECK(versus["above"] == 8);
  CHECK(versus["n"] == 8);
  CHECK(versus["p"].get<double>() == doctest::Approx(2.0 / 256));
  CHECK(versus["p_adjusted"] == versus["p"]);
  CHECK(versus["log_rank"]["p"].get<double>() < 0.001);
}

TEST_CASE("a failed run never meets the criterion, a finished one is censored at its own end") {
  std::vector<RunRecord> all;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    all.push_back({.rule = "oja",
                   .seed = seed,
                   .metrics = {{"trials", 50}, {"trials_to_criterion", std::nullopt}}});
  }
  all[0].metrics["trials_to_criterion"] = 100;
  const auto found = [&](const std::string& status) {
    for (const std::size_t k : {1u, 2u, 3u}) all[k].status = status;
    return summarise(facts(), all)["rules"][1]["metrics"]["trials_to_criterion"];
  };
  CHECK(found("failed")["curve"][0][1] == 0.75);
  CHECK(found("failed")["runs"] == 4);
  CHECK(found("finished")["curve"][0][1] == 0);
  CHECK(found("interrupted")["runs"] == 1);
  for (RunRecord& record : all) {
    record.status = "finished";
    record.metrics["epochs_to_criterion"] = record.metrics["trials_to_criterion"];
    record.curve = {{.epoch = 0}, {.epoch = 50}};
  }
  const json epochs = summarise(facts(), all)["rules"][1]["metrics"]["epochs_to_criterion"];
  CHECK(epochs["runs"] == 4);
  CHECK(epochs["curve"][0][1] == 0);
}

TEST_CASE("equivalence is judged when a margin was fixed") {
  ComparisonFacts with_margin = facts();
  with_margin.margin = 0.02;
  CHECK(summarise(with_margin,
                  records(7))["rules"][1]["versus_reference"]["test_accuracy"]["equivalent"] ==
        false);
  with_margin.margin = 0.2;
  CHECK(summarise(with_margin, records(7))["margin"] == 0.2);
  CHECK(summarise(with_margin,
                  records(7))["rules"][1]["versus_reference"]["test_accuracy"]["equivalent"] ==
        true);
}

TEST_CASE("p values are adjusted over the rules of one comparison") {
  ComparisonFacts three = facts();
  three.rules.push_back({"sanger", "hebbian", "layer", "none", {}});
  std::vector<RunRecord> all = records(7);
  for (std::uint64_t seed = 1; seed <= 7; ++seed) all.push_back(run("sanger", seed, 0.5, 1));
  const json rules = summarise(three, all)["rules"];
  for (const std::size_t i : {1ul, 2ul}) {
    const json& versus = rules[i]["versus_reference"]["test_accuracy"];
    CHECK(versus["p_adjusted"].get<double>() == doctest::Approx(4.0 / 128));
  }
}

TEST_CASE("the size of input images is told when inputs are images") {
  CHECK_FALSE(summarise(facts(), records(1)).contains("image"));
  ComparisonFacts images = facts();
  images.width = 8;
  images.height = 6;
  CHECK(summarise(images, records(1))["image"] == json({{"width", 8}, {"height", 6}}));
  images.channels = 3;
  CHECK(summarise(images, records(1))["image"] ==
        json({{"width", 8}, {"height", 6}, {"channels", 3}}));
}

TEST_CASE("the criterion of trials is told with all that makes it") {
  ComparisonFacts in_trials = facts();
  in_trials.is_in_trials = true;
  in_trials.criterion = {.error = 0.5, .share = 0.9, .of = 50};
  CHECK(summarise(in_trials, {})["criterion"] ==
        json{{"metric", "error"}, {"threshold", 0.5}, {"share", 0.9}, {"of", 50}});
  CHECK(summarise(facts(), {})["criterion"] ==
        json{{"metric", "train_accuracy"}, {"threshold", 0.9}});
}
