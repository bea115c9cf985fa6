// SPDX-License-Identifier: Apache-2.0
// "loss": "none" in an experiment.
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json without_loss() {
  json document = small();
  document["training"]["loss"] = "none";
  document["network"]["layers"][3] = {{"name", "output"}, {"units", 100}};
  return document;
}

}  // namespace

TEST_CASE("without a loss the output is free, in size and activation, and there is no criterion") {
  const Experiment experiment = load(without_loss());
  CHECK(experiment.arms[0].training.loss.is_none());
  CHECK_FALSE(experiment.has_loss());
  CHECK_NOTHROW(check_against(experiment, 64, 10));
  const json resolved = to_json(experiment);
  CHECK(resolved["training"]["loss"] == json{{"type", "none"}});
  CHECK_FALSE(resolved.contains("criterion"));
  CHECK(to_json(load(resolved)) == resolved);
}

TEST_CASE("without a loss the input still has to fit the task") {
  CHECK_THROWS_WITH_AS(check_against(load(without_loss()), 63, 10), doctest::Contains("E205"),
                       Error);
}

TEST_CASE("a criterion without any loss to judge by is an error; one arm with a loss is enough") {
  json document = without_loss();
  document["criterion"] = {{"metric", "train_accuracy"}, {"at_least", 0.9}};
  CHECK_HAS(refusal(Code::E503, document),
            "/criterion has nothing to judge: the training has no loss\n  try: leave it out");
  document["rules"].push_back({{"name", "judged"},
                               {"rule", "backprop"},
                               {"training", {{"loss", "mse"}}},
                               {"network", small()["network"]}});
  const Experiment mixed = load(document);
  CHECK(mixed.has_loss());
  CHECK(mixed.criterion.value == 0.9);
  CHECK_NOTHROW(check_against(mixed, 64, 10));
}

TEST_CASE("no loss has no reduction, and a task in trials needs a loss") {
  json document = without_loss();
  document["training"]["loss"] = {{"type", "none"}, {"reduction", "both"}};
  CHECK_HAS(refusal(Code::E502, document), "is an unknown key of type 'none'");
  document = small_in_trials();
  document["training"]["loss"] = "none";
  CHECK_HAS(refusal(Code::E503, document), "has no loss, which a task in trials needs");
}
