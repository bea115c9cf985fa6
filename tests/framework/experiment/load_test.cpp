// SPDX-License-Identifier: Apache-2.0
#include "experiment/load.hpp"

#include <filesystem>
#include <fstream>

#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::temp_directory_path() / name;
  std::ofstream(file) << text;
  return file;
}

std::string refusal_of_file(Code code, const std::filesystem::path& file) {
  try {
    (void)load_experiment(file);
  } catch (const Error& error) {
    CHECK(info(error.code()).name == info(code).name);
    return error.text();
  }
  FAIL_CHECK("no error");
  return "";
}

}  // namespace

TEST_CASE("an experiment gives each arm its complete own specs") {
  const Experiment experiment = load(small());
  CHECK(experiment.name == "small");
  CHECK(experiment.reference == "backprop");
  CHECK(experiment.seeds == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(experiment.criterion.metric == "train_accuracy");
  CHECK(experiment.task.data.type == "digits");
  CHECK(experiment.task.split.test == 0.3);
  REQUIRE(experiment.arms.size() == 2);
  const Arm& arm = experiment.arms[0];
  CHECK(arm.name == "backprop");
  CHECK(arm.precision == Precision::float32);
  CHECK(arm.training.epochs == 3);
  CHECK(arm.training.batch == 32);
  REQUIRE(arm.network.layers.size() == 4);
  CHECK_FALSE(arm.network.layers[0].bias);
  CHECK(arm.network.layers[1].bias);
  CHECK(arm.network.layers[1].activation.type == "relu");
  REQUIRE(arm.network.connections.size() == 3);
  CHECK(arm.network.connections[1].name == "hidden1>hidden2");
  REQUIRE(arm.drives.size() == 1);
  CHECK(arm.drives[0].optimizer.rate == 0.05);
  CHECK(arm.drives[0].connections == std::vector<std::string>{"input>hidden1", "hidden1>hidden2",
                                                              "hidden2>output", "hidden1.bias",
                                                              "hidden2.bias", "output.bias"});
}

TEST_CASE("an arm changes training, optimizer and network for itself alone") {
  json document = small();
  document["optimizer"]["schedule"] = "cosine";
  document["rules"].push_back(json::parse(R"({
    "name": "other", "rule": "backprop", "optimizer": {"rate": 0.5},
    "training": {"epochs": 9, "precision": "float64"},
    "network": {"layers": [{"name": "input", "units": 64},
                           {"name": "output", "units": 10, "activation": "softmax"}]}})"));
  document["rules"].push_back(
      json::parse(R"({"name": "adam", "rule": "backprop", "optimizer": "adam"})"));
  document["rules"].push_back(json::parse(R"({"name": "frozen", "rule": "backprop", "network":
    {"connections": [{"from": "input", "to": "hidden1", "plastic": false},
                     {"from": "hidden1", "to": "hidden2"},
                     {"from": "hidden2", "to": "output"}]}})"));
  const Experiment experiment = load(document);
  const Arm& other = experiment.arms[2];
  CHECK(other.training.epochs == 9);
  CHECK(other.training.batch == 32);
  CHECK(other.precision == Precision::float64);
  CHECK(other.drives[0].optimizer.rate == 0.5);
  CHECK(other.drives[0].optimizer.schedule.type == "cosine");
  CHECK(other.network.layers.size() == 2);
  CHECK(other.network.connections.size() == 1);
  CHECK(experiment.arms[0].network.layers.size() == 4);
  CHECK(experiment.arms[0].training.epochs == 3);

  const OptimizerSpec& adam = experiment.arms[3].drives[0].optimizer;
  CHECK(adam.rate == 0.001);
  CHECK(adam.schedule.type == "constant");

  const Arm& frozen = experiment.arms[4];
  CHECK(frozen.network.layers.size() == 4);
  CHECK_FALSE(frozen.network.connections[0].plastic);
  CHECK(frozen.drives[0].connections.size() == 5);
}

TEST_CASE("adadelta comes with the settings of its paper, not with those of another optimizer") {
  json document = small();
  document["optimizer"] = "adadelta";
  const OptimizerSpec spec = load(document).arms[0].drives[0].optimizer;
  CHECK(spec.rate == 1);
  CHECK(spec.decay == 0.95);
  CHECK(spec.epsilon == 1e-7);
}

TEST_CASE("seeds are counted from 1 or listed") {
  json document = small();
  document["seeds"] = 3;
  CHECK(load(document).seeds == std::vector<std::uint64_t>{1, 2, 3});
  document["seeds"] = {42, 7};
  CHECK(load(document).seeds == std::vector<std::uint64_t>{42, 7});
}

TEST_CASE("the test part is what the others leave") {
  json document = small();
  document["task"]["split"] = {{"train", 0.8}, {"validation", 0.15}};
  CHECK(load(document).task.split.test == 0.05);
  document["task"]["split"] = {{"validation", 0.1}, {"test", 0.2}};
  CHECK(load(document).task.split.train == 0.7);
}

TEST_CASE("kept arms come in the order asked for, and other names are rules") {
  const Experiment kept = load(small(), {.rules = {"oja", "mine"}});
  REQUIRE(kept.arms.size() == 2);
  CHECK(kept.arms[0].name == "oja");
  CHECK(kept.arms[1].drives[0].rule == "mine");
  CHECK(kept.reference == "oja");
  const Experiment more = load(small(), {.rules = {"mine", "oja", "another"}});
  REQUIRE(more.arms.size() == 3);
  CHECK(more.arms[0].drives[0].rule == "mine");
  CHECK(more.arms[2].drives[0].rule == "another");
  json document = small();
  document["reference"] = "backprop";
  CHECK(load(document, {.rules = {"oja", "backprop"}}).reference == "backprop");
}

TEST_CASE("a missing file is an error with the nearest name") {
  const auto near = write("deltaw_load_test.json", "{}");
  CHECK_HAS(refusal_of_file(Code::E500, near.parent_path() / "deltaw_load_tests.json"),
            "deltaw_load_test.json");
}

TEST_CASE("wrong syntax is an error with line and column") {
  const auto file = write("deltaw_load_test.json", "{\n  \"deltaw\" 1\n}\n");
  CHECK_HAS(refusal_of_file(Code::E501, file), "deltaw_load_test.json:2:12");
}

TEST_CASE("an unknown key is an error with its place and the nearest key") {
  const std::string text = refusal(Code::E502, [](json& d) { d["training"]["epoch"] = 3; });
  CHECK_HAS(text, "small.json: /training/epoch is an unknown key");
  CHECK_HAS(text, "did you mean 'epochs'?");
}

TEST_CASE("a key of another type of the same object is an error") {
  const std::string text = refusal(Code::E502, [](json& d) { d["optimizer"]["momentum"] = 0.9; });
  CHECK_HAS(text, "/optimizer/momentum is an unknown key of type 'sgd'");
  CHECK_HAS(
      refusal(Code::E502,
              [](json& d) {
                d["network"]["layers"][1]["activation"] = {{"type", "relu"}, {"threshold", 1}};
              }),
      "/network/layers/1/activation/threshold is an unknown key of type 'relu'");
  CHECK_HAS(refusal(Code::E502, [](json& d) { d["task"]["file"] = "x.csv"; }),
            "/task/file is an unknown key of type 'digits'");
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["task"] = {{"type", "csv"}};
                    }),
            "/task lacks the key 'file' of type 'csv'");
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["task"] = {{"type", "cifar"}};
                    }),
            "/task lacks the key 'files' of type 'cifar'");
  CHECK_HAS(refusal(Code::E502,
                    [](json& d) {
                      d["task"] = {{"type", "cifar-10"}, {"files", {"a"}}};
                    }),
            "/task/files is an unknown key of type 'cifar-10'");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["optimizer"]["schedule"] = "step"; }),
            "/optimizer/schedule lacks the key 'factor' of type 'step'");
}

TEST_CASE("wrong types, ranges and choices are errors with their place") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["training"]["epochs"] = "3"; }),
            "/training/epochs has the wrong type\n  expected integer, found string \"3\"");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["training"]["epochs"] = 0; }),
            "expected number >= 1, found number 0");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["training"]["batch"] = 0; }), "/training/batch");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["optimizer"]["rate"] = 0; }),
            "/optimizer/rate is out of range\n  expected number > 0");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["optimizer"] = "adamm"; }),
            "did you mean \"adam\"?");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["network"]["layers"][1]["activation"] = "rely"; }),
            "did you mean \"relu\"?");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d.erase("task"); }), "lacks the key 'task'");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["seeds"] = {1, 1}; }), "/seeds");
  CHECK_HAS(refusal(Code::E503, json::array()), "expected object, found array");
}

TEST_CASE("a newer format is refused before its keys are judged") {
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["deltaw"] = 2;
                      d["brand_new"] = true;
                    }),
            "made for a newer deltaw\n  expected \"deltaw\": 1, found 2\n  try: upgrade deltaw");
}

TEST_CASE("values that contradict each other are errors") {
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["task"]["split"] = {{"train", 0.8}, {"test", 0.3}};
                    }),
            "/task/split divides more than there is");
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["network"]["layers"][1]["bias"] = {
                          {"init", {{"type", "uniform"}, {"low", 1}, {"high", 0}}}};
                    }),
            "/network/layers/1/bias/init has an empty range");
  const auto constrain = [](json constraint) {
    return [constraint](json& d) {
      d["network"]["layers"][1]["bias"] = {{"constraint", constraint}};
    };
  };
  CHECK_HAS(refusal(Code::E503, constrain({{"bounds", {1, 0}}})), "bounds leaves no weight");
  CHECK_HAS(refusal(Code::E503, constrain({{"sign", "nonnegative"}, {"bounds", {-2, -1}}})),
            "bounds contradicts the sign 'nonnegative'");
  CHECK_HAS(refusal(Code::E503, constrain({{"sign", "nonpositive"}, {"bounds", {1, 2}}})),
            "bounds contradicts the sign 'nonpositive'");
  CHECK_HAS(
      refusal(
          Code::E503,
          [](json& d) {
            d["task"] = {{"type", "idx"}, {"images", "a"}, {"labels", "b"}, {"test_images", "c"}};
          }),
      "/task has test images without test labels");
}

TEST_CASE("cross-entropy asks for targets between 0 and 1") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["task"]["targets"] = "signed"; }),
            "has the loss cross-entropy, which needs targets between 0 and 1");
  json mse = small();
  mse["task"]["targets"] = "signed";
  mse["training"]["loss"] = "mse";
  CHECK(load(mse).task.targets == "signed");
}

TEST_CASE("cross-entropy asks for an output between 0 and 1") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["network"]["layers"][3]["activation"] = "relu"; }),
            "/training has the loss cross-entropy");
  json document = small();
  document["network"]["layers"][3]["activation"] = "relu";
  document["training"]["loss"] = "mse";
  CHECK(load(document).arms[0].training.loss.reduction == "samples");
}

TEST_CASE("names of experiments and arms can be names of files, and arms are distinct") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["name"] = "../up"; }),
            "/name cannot be the name of a file");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["rules"][1]["name"] = "a b"; }),
            "/rules/1/name cannot be the name of a file");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["rules"][1]["name"] = "backprop"; }),
            "/rules/1 has the name 'backprop', which is taken");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["rules"][1].erase("name"); }),
            "/rules/1 needs a \"name\"");
}

TEST_CASE("the criterion names a metric that is measured, and a fraction") {
  const auto criterion = [](json value) { return [value](json& d) { d["criterion"] = value; }; };
  CHECK_HAS(refusal(Code::E503, criterion({{"metric", "train_acuracy"}, {"at_least", 0.9}})),
            "did you mean \"train_accuracy\"?");
  CHECK_HAS(refusal(Code::E503, criterion({{"metric", "train_accuracy"}, {"at_least", 95}})),
            "accuracies are fractions: 0.95, not 95");
  CHECK_HAS(refusal(Code::E503, criterion({{"metric", "train_accuracy"}})),
            "needs one of \"at_least\" and \"at_most\"");
  CHECK_HAS(refusal(Code::E503, criterion({{"metric", "validation_accuracy"}, {"at_least", 0.9}})),
            "there is no validation part");
  json document = small();
  document["criterion"] = {{"metric", "test_loss"}, {"at_most", 1.5}};
  CHECK_FALSE(load(document).criterion.at_least);
  CHECK(load(document).criterion.value == 1.5);
}

TEST_CASE("a margin of equivalence is a fraction, and absent unless it was fixed") {
  CHECK_FALSE(load(small()).margin.has_value());
  json document = small();
  document["margin"] = 0.02;
  CHECK(load(document).margin == 0.02);
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["margin"] = 2; }), "/margin");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["margin"] = 0; }), "/margin");
}

TEST_CASE("the reference is an arm") {
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["reference"] = "bakprop"; }),
            "/reference names no arm of \"rules\": 'bakprop'\n  try: did you mean 'backprop'?");
}

TEST_CASE("a network that does not fit the task is an error") {
  const Experiment experiment = load(small());
  CHECK_NOTHROW(check_against(experiment, 64, 10));
  const auto text = [&](std::size_t features, std::size_t classes) -> std::string {
    try {
      check_against(experiment, features, classes);
    } catch (const Error& error) {
      CHECK(error.code() == Code::E205);
      return error.text();
    }
    return "no error";
  };
  CHECK_HAS(text(784, 10), "arm 'backprop': layer 'input' does not fit the task 'digits'");
  CHECK_HAS(text(784, 10), "expected 784 units, as the task has features, found 64");
  CHECK_HAS(text(64, 2), "expected 2 units, as the task has classes, found 10");
  CHECK_FALSE(has(text(64, 2), "label"));

  json of_file = small();
  of_file["task"] = {{"type", "csv"}, {"file", "pixels.csv"}};
  try {
    check_against(load(of_file), 63, 10);
    FAIL("fits");
  } catch (const Error& error) {
    CHECK_HAS(error.text(),
              "try: \"units\": 63; the last column of 'pixels.csv' is taken for the "
              "label: \"label\": \"first\"");
  }
}
