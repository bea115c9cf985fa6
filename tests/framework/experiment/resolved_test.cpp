// SPDX-License-Identifier: Apache-2.0
#include "experiment/resolved.hpp"

#include <filesystem>

#include "experiment/schema.hpp"
#include "network/activation.hpp"
#include "places.hpp"
#include "small.hpp"
#include "training/optimizer.hpp"
#include "training/schedule.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// Every type of every object once, none with its default settings.
json everything() {
  json document = small();
  document["description"] = "d";
  document["references"] = {"r"};
  document["task"] = json::parse(R"({"type": "csv", "file": "a.csv", "test_file": "b.csv",
    "label": "first", "header": "no", "classes": 10, "maximum": 4, "width": 8, "height": 8,
    "name": "c", "scale": "center", "targets": "signed",
    "split": {"train": 0.5, "validation": 0.2, "test": 0.1, "stratified": false,
              "limit_train": 7, "limit_test": 8, "seed": 3}})");
  json& layers = document["network"]["layers"];
  layers[1]["activation"] = {{"type", "threshold"}, {"threshold", 0.5}, {"passes", "excess"}};
  layers[2]["activation"] = {{"type", "clipped-linear"}, {"offset", 2.0}, {"maximum", 20.0}};
  layers[1]["bias"] = json::parse(R"({"plastic": false, "rate": 3, "init":
    {"type": "constant", "value": 2}, "constraint": {"sign": "nonpositive", "by": "projection",
    "bounds": [-1, 0], "norm": 2, "column_sum": 78}})");
  layers[2]["bias"] = false;
  document["network"]["connections"] = json::parse(R"([
    {"from": "input", "to": "hidden1", "init": {"type": "uniform", "low": 0, "high": 1}},
    {"from": "hidden1", "to": "hidden2", "name": "middle", "rate": 0.5,
     "init": {"type": "abs-normal", "mean": 1, "deviation": 2}},
    {"from": "input", "to": "output",
     "init": {"type": "excitatory-inhibitory", "excitatory": 20, "each": [5, 6],
              "values": [0.5, -0.25], "others": "absent"},
     "constraint": {"sign": "dale", "by": "projection", "excitatory": 20}},
    {"from": "hidden2", "to": "output", "init": "balance"}])");
  document["training"] = json::parse(R"({"epochs": 4, "batch": 5, "evaluate_every": 2,
    "loss": {"type": "mse", "reduction": "both"}, "precision": "float64",
    "exploration": {"deviation": 0.1, "draws": 3, "weight_deviation": 0.0}})");
  json rules = json::array();
  for (const std::string& type : optimizer_types()) {
    rules.push_back({{"name", type},
                     {"rule", "a"},
                     {"parameters", {{"x", 1.0}, {"n", 2}}},
                     {"optimizer", {{"type", type}, {"rate", 0.3}, {"clip", 1}}}});
  }
  rules[1]["optimizer"]["momentum"] = 0.5;
  rules[3]["optimizer"]["decay"] = 0.5;
  rules[4]["optimizer"]["beta1"] = 0.5;
  rules[4]["optimizer"]["beta2"] = 0.25;
  rules[5]["optimizer"]["epsilon"] = 0.125;
  rules[0]["optimizer"]["schedule"] = {{"type", "step"}, {"factor", 0.5}, {"every", 3}};
  rules[1]["optimizer"]["schedule"] = {{"type", "cosine"}, {"final_fraction", 0.5}, {"warmup", 2}};
  rules[2]["training"] = {{"epochs", 77}};
  rules[2]["network"] = {{"connections", document["network"]["connections"]}};
  rules[2]["network"]["connections"][0]["plastic"] = false;
  document["rules"] = rules;
  document["reference"] = "adam";
  document["criterion"] = {{"metric", "validation_loss"}, {"at_most", 0.25}};
  document["margin"] = 0.05;
  document["seeds"] = {9, 4};
  document["jobs"] = 2;
  return document;
}

}  // namespace

TEST_CASE("a resolved experiment loads as itself") {
  for (const json& document : {small(), everything()}) {
    const Experiment once = load(document);
    const Experiment twice = load(to_json(once));
    CHECK(to_json(once) == to_json(twice));
  }
}

TEST_CASE("a resolved experiment says all that the file said") {
  const json document = everything();
  const json resolved = to_json(load(document));
  for (const char* key : {"name", "description", "references", "task", "training", "criterion",
                          "reference", "margin", "seeds", "jobs"}) {
    CAPTURE(key);
    CHECK(resolved[key] == document[key]);
  }
  const json& layer = resolved["network"]["layers"][1];
  CHECK(layer["activation"] == document["network"]["layers"][1]["activation"]);
  CHECK(layer["bias"] == document["network"]["layers"][1]["bias"]);
  CHECK(resolved["network"]["layers"][2]["activation"] ==
        document["network"]["layers"][2]["activation"]);
  CHECK(resolved["network"]["connections"][2]["constraint"] ==
        document["network"]["connections"][2]["constraint"]);
  for (std::size_t i = 0; i < 3; ++i) {
    const json& init = document["network"]["connections"][i]["init"];
    CHECK(resolved["network"]["connections"][i]["init"] == init);
  }
  for (std::size_t i = 0; i < optimizer_types().size(); ++i) {
    const json& optimizer = resolved["rules"][i]["drive"][0]["optimizer"];
    for (const auto& [key, value] : document["rules"][i]["optimizer"].items()) {
      if (key != "schedule") CHECK(optimizer[key] == value);
    }
  }
  CHECK(resolved["rules"][0]["drive"][0]["optimizer"]["schedule"] ==
        json::parse(R"({"type": "step", "factor": 0.5, "every": 3, "warmup": 0})"));
  CHECK(resolved["rules"][2]["training"]["epochs"] == 77);
  CHECK(resolved["rules"][2]["network"]["connections"][0]["plastic"] == false);
  CHECK_FALSE(resolved["rules"][1].contains("network"));
  CHECK(resolved["rules"][1]["drive"][0]["parameters"] == json({{"x", 1.0}, {"n", 2}}));
}

TEST_CASE("defaults are filled in") {
  const json resolved = to_json(load(small()));
  CHECK(resolved["training"]["batch"] == 32);
  CHECK(resolved["network"]["connections"][0]["init"]["type"] == "glorot-uniform");
  CHECK(resolved["rules"][0]["drive"][0]["optimizer"]["schedule"]["type"] == "constant");
  CHECK(resolved["criterion"]["at_least"] == 0.9);
}

TEST_CASE("the schema knows the same types as the program") {
  const json& definitions = experiment_schema()["definitions"];
  const auto choices = [](const json& schema) {
    return schema["enum"].get<std::vector<std::string>>();
  };
  CHECK(choices(definitions["optimizer_type"]) == optimizer_types());
  CHECK(choices(definitions["schedule_type"]) == schedule_types());
  CHECK(choices(definitions["activation_type"]) == activation_names());
}

TEST_CASE("every experiment that is shipped loads") {
  std::size_t count = 0;
  const std::filesystem::path folder(std::string(k_source_folder) + "/experiments");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool is_result = entry.path().string().find("/results/") != std::string::npos;
    if (is_result || entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    CHECK_NOTHROW((void)load_experiment(entry.path()));
    ++count;
  }
  CHECK(count > 0);
}
