// SPDX-License-Identifier: Apache-2.0
// "features" in an experiment.
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json with(const char* features) {
  json document = small();
  document["features"] = json::parse(features);
  return document;
}

std::string refused(Code code, const char* features) { return refusal(code, with(features)); }

}  // namespace

TEST_CASE("bare types of readouts stand for all their defaults") {
  const Experiment experiment = load(with(R"({"readouts": ["softmax", "power", "labels"]})"));
  REQUIRE(experiment.features.has_value());
  const FeaturesSpec& spec = *experiment.features;
  CHECK(spec.layer.empty());
  CHECK(spec.selectivity);
  REQUIRE(spec.readouts.size() == 3);
  const ReadoutSpec &softmax = spec.readouts[0], &power = spec.readouts[1];
  CHECK(softmax.name == "softmax");
  CHECK(softmax.exponent == 1);
  CHECK(softmax.normalise == "none");
  CHECK(softmax.epochs == 30);
  CHECK(softmax.optimizer.type == "adam");
  CHECK(softmax.optimizer.rate == 0.001);
  CHECK(softmax.optimizer.schedule.type == "linear");
  CHECK(power.exponent == 4.5);
  CHECK(power.normalise == "sum");
  CHECK(power.beta == 300);
  CHECK(power.m == 6);
  CHECK(power.epochs == 100);
  CHECK(spec.readouts[2].vote == 1);
  CHECK_FALSE(load(small()).features.has_value());
}

TEST_CASE("changes of a readout's optimizer build on its default, unless they have a type") {
  const auto spec = *load(with(R"({"readouts": [
    {"name": "a", "type": "softmax", "optimizer": {"rate": 0.5}},
    {"name": "b", "type": "softmax", "optimizer": {"schedule": "cosine"}},
    {"name": "c", "type": "softmax", "optimizer": "sgd"}]})"))
                         .features;
  CHECK(spec.readouts[0].optimizer.rate == 0.5);
  CHECK(spec.readouts[0].optimizer.schedule.type == "linear");
  CHECK(spec.readouts[1].optimizer.rate == 0.001);
  CHECK(spec.readouts[1].optimizer.schedule.type == "cosine");
  CHECK(spec.readouts[2].optimizer.type == "sgd");
  CHECK(spec.readouts[2].optimizer.schedule.type == "constant");
}

TEST_CASE("resolved features say all that the file said, and load as themselves") {
  const json document = with(R"({"layer": "hidden2", "selectivity": false, "readouts": [
    {"name": "a", "type": "softmax", "exponent": 2.0, "normalise": "standardise", "epochs": 7,
     "batch": 8, "optimizer": {"type": "sgd", "rate": 0.25, "clip": 1.0, "weight_decay": 0.0,
                               "schedule": {"type": "step", "factor": 0.5, "every": 2.0,
                                            "warmup": 0.0}}},
    {"name": "b", "type": "power", "exponent": 3.0, "normalise": "none", "beta": 10.0, "m": 4.0,
     "epochs": 9, "batch": 10, "optimizer": {"type": "sgd", "rate": 0.1, "clip": 0.0,
     "weight_decay": 0.0, "schedule": {"type": "constant", "warmup": 0.0}}},
    {"name": "c", "type": "labels", "vote": 6}]})");
  const json resolved = to_json(load(document));
  CHECK(resolved["features"] == document["features"]);
  CHECK(to_json(load(resolved)) == resolved);
  const json short_form = to_json(load(with(R"({"readouts": ["power"]})")));
  CHECK(to_json(load(short_form)) == short_form);
}

TEST_CASE("--set finds a readout by its name") {
  const auto spec =
      *load(with(R"({"readouts": ["softmax", {"name": "vote", "type": "labels"}]})"),
            {.sets = {"features.readouts.vote.vote=3", "features.readouts.softmax.epochs=2"}})
           .features;
  CHECK(spec.readouts[1].vote == 3);
  CHECK(spec.readouts[0].epochs == 2);
}

TEST_CASE("a layer that some arm lacks is named, with the nearest") {
  CHECK_HAS(refused(Code::E510, R"({"layer": "hiden1"})"),
            "/features/layer names no layer of 'backprop': 'hiden1'\n  try: did you mean "
            "'hidden1'?");
  json document = with(R"({"layer": "hidden2"})");
  document["rules"][1] = json::parse(R"({"name": "short", "rule": "backprop", "network":
    {"layers": [{"name": "input", "units": 64}, {"name": "output", "units": 10,
                 "activation": "softmax"}], "connections": [{"from": "input", "to": "output"}]}})");
  CHECK_HAS(refusal(Code::E510, document), "names no layer of 'short': 'hidden2'");
}

TEST_CASE("more voters than units are refused") {
  const std::string text =
      refused(Code::E503, R"({"layer": "hidden1", "readouts": [{"type": "labels", "vote": 9}]})");
  CHECK_HAS(text, "/features/readouts/0 lets more units vote than layer 'hidden1' has");
  CHECK_HAS(text, "expected \"vote\" of 8 or less, found 9");
}

TEST_CASE("names of readouts are unique and can name files") {
  CHECK_HAS(refused(Code::E503, R"({"readouts": ["softmax", "softmax"]})"),
            "/features/readouts/1 has the name 'softmax', which is taken");
  CHECK_HAS(refused(Code::E503, R"({"readouts": [{"type": "labels", "name": "../x"}]})"),
            "/features/readouts/0/name");
}

TEST_CASE("keys are those of the readout's type, and values in range") {
  CHECK_HAS(refused(Code::E502, R"({"readouts": [{"type": "softmax", "vote": 2}]})"),
            "/features/readouts/0/vote is an unknown key of type 'softmax'");
  CHECK_HAS(refused(Code::E502, R"({"readouts": [{"type": "labels", "epochs": 2}]})"),
            "/features/readouts/0/epochs is an unknown key of type 'labels'");
  CHECK_HAS(refused(Code::E503, R"({"readouts": [{"type": "power", "m": 0.5}]})"), "/m");
  CHECK_HAS(refused(Code::E503, R"({"readouts": [{"type": "power", "exponent": 0}]})"),
            "/exponent");
  CHECK_HAS(refused(Code::E503, R"({"readouts": ["soft"]})"), "/features/readouts/0");
  CHECK_HAS(
      refused(Code::E503,
              R"({"readouts": [{"type": "softmax", "optimizer": "exponentiated-gradient"}]})"),
      "would leave a readout at 0");
  CHECK_HAS(refused(Code::E503, R"({"selectivity": false})"), "/features asks for nothing");
}

TEST_CASE("features are of tasks with data") {
  json document = small_in_trials();
  document["features"] = {{"readouts", {"softmax"}}};
  CHECK_HAS(refusal(Code::E502, document), "/features is of tasks with data");
}
