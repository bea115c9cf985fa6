// SPDX-License-Identifier: Apache-2.0
// Readouts and selectivity of whole runs on made-up data, with the rules of this build.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "comparison/compare.hpp"
#include "comparison/run.hpp"
#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"
#include "points.hpp"
#include "task/split.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

json document() {
  return json::parse(R"({
    "deltaw": 1, "name": "points",
    "task": {"type": "csv", "file": "points.csv"},
    "network": {"layers": [
      {"name": "in", "units": 4},
      {"name": "features", "units": 12, "activation": "relu", "bias": false}]},
    "training": {"epochs": 4, "batch": 8, "evaluate_every": 2, "loss": "none"},
    "optimizer": {"type": "sgd", "rate": 0.001},
    "features": {"layer": "features", "readouts": [
      {"name": "linear", "type": "softmax", "epochs": 60, "batch": 16, "optimizer": {"rate": 0.05}},
      {"name": "power", "type": "power", "exponent": 2, "beta": 5, "m": 2, "epochs": 60,
       "batch": 16, "optimizer": {"rate": 0.05}},
      {"name": "label", "type": "labels"},
      {"name": "vote", "type": "labels", "vote": 4}]},
    "rules": [{"name": "oja", "rule": "hebbian", "parameters": {"variant": "oja"}},
      {"name": "backprop", "rule": "backprop", "training": {"loss": "cross-entropy"},
       "network": {"layers": [
         {"name": "in", "units": 4},
         {"name": "features", "units": 12, "activation": "relu", "bias": false},
         {"name": "out", "units": 3, "activation": "softmax"}]}}],
    "seeds": [3, 5]})");
}

struct Comparison {
  explicit Comparison(const json& text = document())
      : experiment(parse_experiment(text, "points.json")),
        catalogue({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                    SearchPlace::Kind::folder, "test", 0, ""}}) {
    for (const Arm& arm : experiment.arms) arms.emplace_back(arm, catalogue);
  }

  RunOutcome run(const Split<double>& split, std::size_t arm = 0, const std::stop_token& stop = {},
                 const OnReadout& on_readout = {}) const {
    return deltaw::run<double>(arms[arm], split, 3,
                               {experiment.criterion, &*experiment.features, {}, on_readout}, stop);
  }

  Experiment experiment;
  Catalogue catalogue;
  std::vector<PreparedArm> arms;
};

Split<double> split() { return make_split<double>(points(90), Comparison().experiment.task, 3); }

const NpyMatrix& array(const RunOutcome& outcome, const std::string& name) {
  for (const auto& [other, values] : outcome.arrays) {
    if (other == name) return values;
  }
  FAIL("no array ", name);
  return outcome.confusion;
}

double metric(const RunOutcome& outcome, const std::string& name) {
  INFO(name);
  const auto found = outcome.record.metrics.find(name);
  REQUIRE(found != outcome.record.metrics.end());
  REQUIRE(found->second.has_value());
  return *found->second;
}

}  // namespace

TEST_CASE("every readout tells separable classes apart, on every part, for every arm") {
  const Comparison comparison;
  std::map<std::string, std::size_t> learnt;
  std::size_t runs = 0;
  const Listener listener{
      .on_readout = [&](const ReadoutEvent& event) { ++learnt[event.rule + event.readout]; },
      .on_run =
          [&](const RunOutcome& outcome) {
            ++runs;
            CAPTURE(outcome.record.rule);
            CHECK(outcome.record.status == "finished");
            for (const char* part : {"train", "test"}) {
              const auto accuracy = [&](const char* readout) {
                return metric(outcome, fmt::format("{}_{}_accuracy", readout, part));
              };
              CHECK(accuracy("linear") > 0.9);
              CHECK(accuracy("power") > 0.9);
              // No unit may respond most to some class.
              CHECK(accuracy("label") > 0.5);
              CHECK(accuracy("vote") > 0.5);
            }
            const bool has_loss = outcome.record.rule == "backprop";
            CHECK(outcome.record.metrics.at("test_accuracy").has_value() == has_loss);
            CHECK(outcome.confusion.rows == 3);
          }};
  check(comparison.experiment, comparison.arms, Task{.data = points(90)});
  compare(comparison.experiment, comparison.arms, Task{.data = points(90)}, 2, {}, listener);
  CHECK(runs == 4);
  CHECK(learnt == std::map<std::string, std::size_t>{{"backproplinear", 120},
                                                     {"backproppower", 120},
                                                     {"ojalinear", 120},
                                                     {"ojapower", 120}});
}

TEST_CASE("what was measured of the features agrees with the weights that were kept") {
  const Split<double> data = split();
  const RunOutcome outcome = Comparison().run(data);
  const json& found = *outcome.features;
  CHECK(found["layer"] == "features");
  CHECK(found["units"] == 12);
  CHECK(found["part"] == "test");
  const std::size_t patterns = data.test.size();
  CHECK(found["patterns"] == patterns);

  const NpyMatrix& kept = outcome.weights.front().second;
  const arma::mat weights(std::get<std::vector<double>>(kept.values).data(), 12, 4);
  const arma::mat activity = arma::clamp(weights * data.test.inputs, 0, arma::datum::inf);
  const arma::umat selected = activity > arma::repmat(arma::mean(activity, 1), 1, patterns);
  const arma::uvec alpha = arma::sum(selected, 1);
  std::size_t of_classes = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(found["alpha"][i] == alpha[i]);
    for (const json& count : found["per_class"][i]) of_classes += count.get<std::size_t>();
  }
  CHECK(of_classes == arma::accu(alpha));
  const auto taken = static_cast<double>(arma::accu(arma::any(selected, 0)));
  const auto all = static_cast<double>(patterns);
  const double mean_alpha = arma::mean(arma::conv_to<arma::vec>::from(alpha));
  CHECK(found["selected"] == taken);
  CHECK(metric(outcome, "selected") == doctest::Approx(taken / all));
  CHECK(metric(outcome, "selectivity") == doctest::Approx(mean_alpha / all));
  CHECK(metric(outcome, "overlap") == doctest::Approx(taken / mean_alpha));
  CHECK(metric(outcome, "dead_units") == static_cast<double>(arma::accu(alpha == 0)));

  const NpyMatrix& linear = array(outcome, "readout/linear");
  const NpyMatrix& bias = array(outcome, "readout/linear.bias");
  const arma::mat readout(std::get<std::vector<double>>(linear.values).data(), 3, 12);
  arma::mat scores = readout * activity;
  scores.each_col() += arma::vec(std::get<std::vector<double>>(bias.values).data(), 3);
  double right = 0;
  for (std::size_t k = 0; k < patterns; ++k) {
    if (scores.col(k).index_max() == data.test.labels[k]) ++right;
  }
  CHECK(metric(outcome, "linear_test_accuracy") == doctest::Approx(right / all));
  CHECK(array(outcome, "readout/power").columns == 12);
}

TEST_CASE("the course has a row for each evaluated epoch, the last of what was found at the end") {
  const RunOutcome outcome = Comparison().run(split());
  const json& course = (*outcome.features)["course"];
  REQUIRE(course.size() == 3);
  CHECK(course[0]["epoch"] == 0);
  CHECK(course[1]["epoch"] == 2);
  CHECK(course[2]["epoch"] == 4);
  CHECK(course[0]["change"].is_null());
  CHECK(course[1]["change"] > 0);
  CHECK(course[2]["overlap"].get<double>() ==
        doctest::Approx(metric(outcome, "overlap")).epsilon(1e-4));
  CHECK(course[2]["selectivity"].get<double>() ==
        doctest::Approx(metric(outcome, "selectivity")).epsilon(1e-4));
  CHECK(course[2]["dead"] == metric(outcome, "dead_units"));
  for (const char* name : {"label", "vote"}) {
    CHECK(course[2][name].get<double>() ==
          doctest::Approx(metric(outcome, std::string(name) + "_test_accuracy")).epsilon(1e-4));
  }
  CHECK_FALSE(course[2].contains("linear"));
  const json& readouts = (*outcome.features)["readouts"];
  CHECK(readouts["linear"]["course"].size() == 60);
  CHECK(readouts["linear"]["course"][59][0] == 60);
  CHECK(readouts["linear"]["course"][59][1] < readouts["linear"]["course"][0][1]);
  CHECK(readouts["label"]["course"].empty());
}

TEST_CASE("the course has quartiles of what a rule shows of its memory") {
  json asked = document();
  asked["rules"] = {{{"name", "bcm"}, {"rule", "bcm"}}};
  const RunOutcome outcome = Comparison(asked).run(split());
  for (const json& row : (*outcome.features)["course"]) {
    const json& theta = row["monitored"]["features/theta"];
    CAPTURE(row.dump());
    CHECK(theta["min"] <= theta["q1"]);
    CHECK(theta["q1"] <= theta["median"]);
    CHECK(theta["median"] <= theta["q3"]);
    CHECK(theta["q3"] <= theta["max"]);
    CHECK((theta["max"] > 0) == (row["epoch"] > 0));
  }
}

TEST_CASE("labels and inputs of the test part reach no readout") {
  const Comparison comparison;
  const Split<double> data = split();
  Split<double> spoilt = data;
  for (std::uint32_t& label : spoilt.test.labels) label = (label + 1) % 3;
  spoilt.test.targets = arma::shift(spoilt.test.targets, 1, 0);
  for (const std::size_t arm : {0u, 1u}) {
    const RunOutcome a = comparison.run(data, arm), b = comparison.run(spoilt, arm);
    REQUIRE(a.arrays.size() == b.arrays.size());
    for (std::size_t i = 0; i < a.arrays.size(); ++i) {
      CHECK(a.arrays[i].second.values == b.arrays[i].second.values);
    }
    CHECK((*a.features)["labels"] == (*b.features)["labels"]);
    for (const char* name : {"linear", "power", "label", "vote"}) {
      CHECK(metric(a, std::string(name) + "_train_accuracy") ==
            metric(b, std::string(name) + "_train_accuracy"));
      // Every label is another, so whatever was right is wrong: the predictions are the same.
      CHECK(metric(b, std::string(name) + "_test_accuracy") <=
            1 - metric(a, std::string(name) + "_test_accuracy"));
    }
  }
  spoilt.test.inputs *= -3;
  CHECK(array(comparison.run(data), "readout/linear").values ==
        array(comparison.run(spoilt), "readout/linear").values);
}

TEST_CASE("readouts are not counted as training, and do not change it") {
  json without = document();
  without.erase("features");
  const Comparison plain(without), studied;
  const Split<double> data = split();
  const RunOutcome a = studied.run(data);
  const RunOutcome b = run<double>(plain.arms[0], data, 3, {plain.experiment.criterion}, {});
  CHECK(a.weights.front().second.values == b.weights.front().second.values);
  CHECK(b.features == nullptr);
  CHECK(metric(a, "updates") == metric(b, "updates"));
}

TEST_CASE("a run that is stopped while a readout learns is interrupted, without its metrics") {
  std::stop_source stop;
  const RunOutcome outcome =
      Comparison().run(split(), 0, stop.get_token(),
                       [&](const std::string& readout, std::size_t epoch, std::size_t) {
                         if (readout == "power" && epoch == 2) stop.request_stop();
                       });
  CHECK(outcome.record.status == "interrupted");
  CHECK(outcome.record.curve.size() == 3);
  CHECK_FALSE(outcome.record.metrics.contains("linear_test_accuracy"));
  CHECK(outcome.features == nullptr);
}

TEST_CASE("a readout that diverges leaves empty metrics, and says so") {
  json wild = document();
  wild["features"]["readouts"][0]["optimizer"] = {
      {"type", "sgd"}, {"rate", 1e200}, {"weight_decay", 1e200}};
  wild["rules"].erase(1);
  const RunOutcome outcome = Comparison(wild).run(split());
  CHECK(outcome.record.status == "finished");
  CHECK_FALSE(outcome.record.metrics.at("linear_test_accuracy").has_value());
  CHECK((*outcome.features)["readouts"]["linear"]["error"] == "its loss diverged in epoch 1");
  CHECK(metric(outcome, "label_test_accuracy") > 0.5);
}

TEST_CASE("a class that no training sample has is refused before the first run") {
  json asked = document();
  asked["task"]["classes"] = 4;
  asked["rules"].erase(1);
  Dataset data = points(90);
  data.classes = 4;
  const Comparison comparison(asked);
  const Error error = error_of(
      [&] { check(comparison.experiment, comparison.arms, Task{.data = std::move(data)}); });
  CHECK(error.code() == Code::E404);
  CHECK(error.headline().find("class 3") != std::string::npos);
}
