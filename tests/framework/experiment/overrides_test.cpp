// SPDX-License-Identifier: Apache-2.0
#include "experiment/overrides.hpp"

#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

Experiment with(std::vector<std::string> sets) { return load(small(), {.sets = std::move(sets)}); }

std::string refusal_of(Code code, const std::string& set) {
  return refusal(code, small(), {.sets = {set}});
}

}  // namespace

TEST_CASE("a path of keys, indices and names sets what is there") {
  CHECK(with({"training.epochs=5"}).arms[0].training.epochs == 5);
  CHECK(with({"network.layers.1.units=32"}).arms[0].network.layers[1].units == 32);
  CHECK(with({"network.layers.hidden1.units=32"}).arms[0].network.layers[1].units == 32);
  CHECK(
      with({"network.layers.hidden1.activation=tanh"}).arms[0].network.layers[1].activation.type ==
      "tanh");
  CHECK(with({"network.connections.hidden1>hidden2.plastic=false"})
            .arms[0]
            .drives[0]
            .connections.size() == 5);
  CHECK(with({"seeds=2"}).seeds.size() == 2);
  CHECK(with({"seeds=[5,9]"}).seeds == std::vector<std::uint64_t>{5, 9});
}

TEST_CASE("a path may name what the file leaves out") {
  const Experiment experiment = with(
      {"rules.backprop.optimizer.rate=0.1", "rules.oja.drive.0.optimizer.rate=0.001",
       "training.exploration.deviation=0.02", "jobs=2", "rules.oja.drive.0.parameters.decay=2"});
  CHECK(experiment.arms[0].drives[0].optimizer.rate == 0.1);
  CHECK(experiment.arms[0].drives[0].optimizer.type == "sgd");
  CHECK(experiment.arms[1].drives[0].optimizer.rate == 0.001);
  CHECK(experiment.arms[1].drives[1].optimizer.rate == 0.05);
  CHECK(experiment.arms[1].training.exploration.deviation == 0.02);
  CHECK(experiment.jobs == 2);
  CHECK(std::get<std::int64_t>(experiment.arms[1].drives[0].parameters.at("decay")) == 2);
}

TEST_CASE("another optimizer comes with its own settings") {
  const Experiment experiment = with({"optimizer=adam"});
  CHECK(experiment.arms[0].drives[0].optimizer.type == "adam");
  CHECK(experiment.arms[0].drives[0].optimizer.rate == 0.001);
}

TEST_CASE("later changes win, and a value may hold an equals sign") {
  const Experiment experiment = with({"description=a=b", "training.epochs=5", "training.epochs=6"});
  CHECK(experiment.description == "a=b");
  CHECK(experiment.arms[0].training.epochs == 6);
}

TEST_CASE("a name with dots is one step") {
  json document = small();
  document["rules"][0] = {{"rule", "org.example.oja"}};
  document["rules"].push_back({{"rule", "org.example"}});
  const Experiment experiment =
      load(document, {.sets = {"rules.org.example.oja.optimizer.rate=0.25"}});
  CHECK(experiment.arms[0].drives[0].optimizer.rate == 0.25);
  CHECK(experiment.arms[2].drives[0].optimizer.rate == 0.05);
}

TEST_CASE("a path that names no place is an error with the nearest one") {
  CHECK_HAS(refusal_of(Code::E504, "training.epoch=5"),
            "--set training.epoch: 'training' has no key 'epoch'\n  try: did you mean 'epochs'?");
  CHECK_HAS(refusal_of(Code::E504, "trainin.epochs=5"), "an experiment has no key 'trainin'");
  CHECK_HAS(refusal_of(Code::E504, "rules.bakprop.optimizer.rate=1"),
            "'rules' has no element 'bakprop'\n  try: did you mean 'backprop'?");
  CHECK_HAS(refusal_of(Code::E504, "rules.2.optimizer.rate=1"), "'rules' has no element '2'");
  CHECK_HAS(refusal_of(Code::E504, "rules.oja.drive.2.rule=x"), "try: an index below 2");
  CHECK_HAS(refusal_of(Code::E504, "training.epochs.x=5"),
            "'training.epochs' is no object or array\n  found 3");
  CHECK_HAS(refusal_of(Code::E504, "training..epochs=5"), "'training' has no key ''");
}

TEST_CASE("what is no assignment is an error") {
  CHECK_HAS(refusal_of(Code::E504, "training.epochs"),
            "--set training.epochs: names no value\n  expected path=value");
  CHECK_HAS(refusal_of(Code::E504, "=5"), "names no value");
  CHECK_HAS(refusal_of(Code::E504, "description=\xff"), "the value is not UTF-8");
}

TEST_CASE("a wrong value is judged as if it stood in the file") {
  CHECK_HAS(refusal_of(Code::E503, "training.epochs=many"),
            "small.json with --set: /training/epochs has the wrong type");
  CHECK_HAS(refusal_of(Code::E502, "training={\"epoch\":3}"), "did you mean 'epochs'?");
}

namespace {

// small(), of which each arm has a network of its own, and a rate in it or in its drives.
json all_with_their_own() {
  json document = small();
  for (json& arm : document["rules"]) {
    if (arm.is_string()) arm = {{"rule", arm}};
    arm["network"] = document["network"];
  }
  document["rules"][0]["optimizer"] = {{"rate", 0.1}};
  for (json& drive : document["rules"][1]["drive"]) drive["optimizer"] = {{"rate", 0.2}};
  return document;
}

std::vector<std::string> remarks(const std::vector<std::string>& sets,
                                 const std::vector<std::string>& rules = {}) {
  std::vector<std::string> said;
  const auto say = [&](const std::string& remark) { said.push_back(remark); };
  (void)load(all_with_their_own(), {.sets = sets, .rules = rules, .on_remark = say});
  return said;
}

}  // namespace

TEST_CASE("a change that every arm has its own instead of is an error that says where to make it") {
  const json document = all_with_their_own();
  const auto text = [&](const Changes& changes) { return refusal(Code::E504, document, changes); };
  CHECK_HAS(text({.sets = {"network.layers.1.units=16"}}),
            "--set network.layers.1.units=16 changes nothing: every arm has its own instead\n  "
            "try: --set rules.backprop.network.layers.1.units=16");
  CHECK_HAS(text({.sets = {"optimizer.rate=0.5"}}), "try: --set rules.backprop.optimizer.rate=0.5");
  CHECK_HAS(text({.sets = {"optimizer.rate=0.5"}, .rules = {"oja"}}),
            "try: --set rules.oja.drive.0.optimizer.rate=0.5");
  CHECK_HAS(text({.sets = {"training.epochs=2", "optimizer.rate=0.5"}}), "--set optimizer.rate");
}

TEST_CASE("a change that reaches some arms is remarked on, one that reaches all is not") {
  const std::vector<std::string> some = remarks({"optimizer.rate=0.5"}, {"oja", "hebbian"});
  REQUIRE(some.size() == 1);
  CHECK(some[0] ==
        "--set optimizer.rate=0.5 reaches 1 of 2 arms (hebbian): the others have their own, as "
        "--set rules.oja.drive.0.optimizer.rate=0.5");
  CHECK(remarks({"training.epochs=5", "training.epochs=6"}).empty());
  CHECK(remarks({"optimizer.schedule=linear"}).empty());
  CHECK(remarks({"rules.backprop.optimizer.rate=0.5", "seeds=2"}).empty());
}

TEST_CASE("a value that is there already, or by default, is no error") {
  CHECK(remarks({"optimizer.rate=0.05"}).empty());
  CHECK(remarks({"network.layers.1.units=8"}).empty());
  CHECK(remarks({"training.batch=32"}).empty());
  CHECK(remarks({"optimizer.rate=0.5", "optimizer.rate=0.05"}, {"backprop", "hebbian"}).size() ==
        2);
}
