// SPDX-License-Identifier: Apache-2.0
// Runs through contexts, with the rules of this build.
#include "comparison/sequence_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/random.hpp"
#include "error_of.hpp"
#include "experiment/load.hpp"
#include "places.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// Four classes at the corners of a square, so that pairs (0, 1) and (2, 3) want opposite answers:
// in both the second feature tells the classes apart, but the other way round.
Dataset square() {
  Random random(3, "square");
  Dataset data;
  data.name = "square";
  data.features = 3;
  data.classes = 4;
  std::vector<float> values;
  for (std::uint32_t k = 0; k < 160; ++k) {
    const std::uint32_t label = k % 4;
    const bool is_later = label > 1, is_second = label % 2 == 1;
    values.push_back(static_cast<float>((is_later ? 1 : 0) + 0.1 * random.uniform()));
    values.push_back(static_cast<float>((is_second != is_later ? 1 : 0) + 0.1 * random.uniform()));
    values.push_back(static_cast<float>(random.uniform()));
    data.labels.push_back(label);
  }
  data.values = std::move(values);
  return data;
}

struct Asked {
  json sequence;
  std::size_t outputs;
  json rule = "backprop", training = {{"epochs", 8}, {"batch", 8}}, hidden = json::array();
};

Experiment experiment(const Asked& asked) {
  json layers = {{{"name", "in"}, {"units", 3}}};
  for (const json& layer : asked.hidden) layers.push_back(layer);
  layers.push_back({{"name", "out"}, {"units", asked.outputs}, {"activation", "softmax"}});
  json task = {{"type", "csv"}, {"file", "square.csv"}, {"split", {{"train", 0.6}}}};
  if (!asked.sequence.is_null()) task["sequence"] = asked.sequence;
  return parse_experiment({{"deltaw", 1},
                           {"name", "square"},
                           {"task", task},
                           {"network", {{"layers", layers}}},
                           {"training", asked.training},
                           {"optimizer", {{"type", "sgd"}, {"rate", 0.5}}},
                           {"rules", {asked.rule}}},
                          "square.json");
}

struct Done {
  RunOutcome outcome;
  arma::mat matrix;

  double metric(const char* name) const { return outcome.record.metrics.at(name).value(); }
  const NpyMatrix& array(const std::string& name) const {
    for (const auto& [found, values] : outcome.arrays) {
      if (found == name) return values;
    }
    FAIL("no array of that name");
    return outcome.confusion;
  }
};

PreparedArm arm_of(const Experiment& experiment) {
  Catalogue catalogue({{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                        SearchPlace::Kind::folder, "test", 0, ""}});
  return {experiment.arms.front(), catalogue};
}

Done run_of(const Asked& asked) {
  const Experiment all = experiment(asked);
  const Split<double> split = make_split<double>(square(), all.task, 1);
  const PreparedArm arm = arm_of(all);
  const RunPlan plan{all.criterion};
  Done done{.outcome = all.task.sequence ? run_sequence<double>(arm, split, all.task, 1, plan, {})
                                         : run<double>(arm, split, 1, plan, {}),
            .matrix = {}};
  REQUIRE(done.outcome.record.status == "finished");
  if (!all.task.sequence) return done;
  const NpyMatrix& found = done.array("accuracy_matrix");
  done.matrix.set_size(found.rows, found.columns);
  for (std::size_t r = 0; r < found.rows; ++r) {
    for (std::size_t c = 0; c < found.columns; ++c) done.matrix(r, c) = found.at(r, c);
  }
  return done;
}

json split(const char* scenario) {
  return {{"type", "split"}, {"contexts", 2}, {"scenario", scenario}};
}
const json k_hidden = {{{"name", "hidden"}, {"units", 12}, {"activation", "tanh"}}};

}  // namespace

TEST_CASE("heads without shared weights forget nothing, bit for bit") {
  const Done done = run_of({split("task"), 4});
  CHECK(done.matrix(1, 0) > 0.95);
  CHECK(done.matrix(2, 1) > 0.95);
  CHECK(done.matrix(2, 0) == done.matrix(1, 0));
  CHECK(done.matrix(1, 1) == done.matrix(0, 1));  // nor do they learn what others are taught
  CHECK(done.metric("forgetting") == 0);
  CHECK(done.metric("backward_transfer") == 0);
  CHECK(done.metric("forward_transfer") == 0);
}

TEST_CASE("weights that contexts share are overwritten, and whole classes in the scenario class") {
  const Done domain =
      run_of({split("domain"), 2, "backprop", {{"epochs", 30}, {"batch", 8}}, k_hidden});
  CHECK(domain.metric("learning_accuracy") > 0.95);
  CHECK(domain.metric("backward_transfer") < -0.3);
  CHECK(domain.metric("forgetting") == doctest::Approx(-domain.metric("backward_transfer")));
  const Done whole =
      run_of({split("class"), 4, "backprop", {{"epochs", 30}, {"batch", 8}}, k_hidden});
  CHECK(whole.matrix(2, 0) == 0);
  CHECK(whole.metric("test_accuracy") == doctest::Approx(0.5 * whole.matrix(2, 1)));
}

TEST_CASE("a rule that learns nothing forgets nothing") {
  const json still = {{"name", "still"}, {"rule", "random-features"}};
  for (const auto& [scenario, outputs] : {std::pair{"class", 4}, {"domain", 2}, {"task", 4}}) {
    const Done done = run_of({split(scenario),
                              static_cast<std::size_t>(outputs),
                              still,
                              {{"epochs", 2}, {"batch", 8}},
                              k_hidden});
    CHECK(done.metric("backward_transfer") == 0);
    CHECK(done.metric("forward_transfer") == 0);
    CHECK(done.metric("forgetting") == 0);
    for (std::size_t r = 1; r < 3; ++r) {
      CHECK(arma::approx_equal(done.matrix.row(r), done.matrix.row(0), "absdiff", 0));
    }
  }
}

TEST_CASE("until the first context ends a run is the run without a sequence, bit for bit") {
  const json permuted = {{"type", "permuted"}, {"contexts", 2}, {"scenario", "domain"}};
  const Done sequence = run_of({permuted, 4, "backprop", {{"epochs", 8}, {"batch", 8}}, k_hidden});
  const Done plain = run_of({nullptr, 4, "backprop", {{"epochs", 8}, {"batch", 8}}, k_hidden});
  const auto& rows = sequence.outcome.record.curve;
  REQUIRE(rows.size() == 17);
  for (std::size_t i = 0; i <= 8; ++i) {
    CHECK(rows[i].train_loss == plain.outcome.record.curve[i].train_loss);
    CHECK(sequence.array("context_accuracy").at(i, 0) ==
          plain.outcome.record.curve[i].test_accuracy);
  }
  CHECK(sequence.matrix(1, 0) == plain.outcome.record.curve[8].test_accuracy);
}

TEST_CASE("a context ends after its updates, in the midst of an epoch") {
  json sequence = split("domain");
  sequence["updates"] = 10;  // 48 samples: 6 batches an epoch
  const Done done = run_of({sequence, 2});
  const auto& rows = done.outcome.record.curve;
  REQUIRE(rows.size() == 5);  // before, then two epochs a context
  CHECK(rows[1].updates == 6);
  CHECK(rows[2].updates == 10);
  CHECK(rows[4].updates == 20);
  sequence["updates"] = 49;
  const Experiment all = experiment({sequence, 2});
  const Split<double> data = make_split<double>(square(), all.task, 1);
  const PreparedArm arm = arm_of(all);
  const Error error = error_of([&] { check_sequence<double>(arm, data, all.task, 1); });
  CHECK(error.code() == Code::E503);
  CHECK(error.text().find("\"epochs\": 9") != std::string::npos);
}

TEST_CASE("joint training of the first context is its own, and of all of them is better") {
  for (const auto& [scenario, outputs] : {std::pair{"class", 4}, {"domain", 2}, {"task", 4}}) {
    CAPTURE(scenario);
    json sequence = split(scenario);
    sequence["joint"] = true;
    const Done done = run_of({sequence,
                              static_cast<std::size_t>(outputs),
                              "backprop",
                              {{"epochs", 60}, {"batch", 8}},
                              k_hidden});
    // Of two contexts both are learnt by themselves as well as together.
    CHECK(std::abs(done.metric("intransigence")) < 0.03);
    CHECK(done.metric("learning_accuracy") > 0.95);
  }
}

TEST_CASE("an optimizer that is reset forgets its moments where a context begins") {
  json sequence = split("domain");
  const json adam = {
      {"name", "adam"}, {"rule", "backprop"}, {"optimizer", {{"type", "adam"}, {"rate", 0.02}}}};
  const Done kept = run_of({sequence, 2, adam});
  sequence["reset_optimizer"] = true;
  const Done reset = run_of({sequence, 2, adam});
  const auto &a = kept.outcome.record.curve, &b = reset.outcome.record.curve;
  for (std::size_t i = 0; i <= 8; ++i) CHECK(a[i].test_loss == b[i].test_loss);
  CHECK(a[9].test_loss != b[9].test_loss);
}
