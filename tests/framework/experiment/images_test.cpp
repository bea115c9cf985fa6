// SPDX-License-Identifier: Apache-2.0
// Layers of images in an experiment: long and short forms, and what is refused.
#include <set>

#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json with_layers(const json& layers) {
  json document = small();
  document["network"] = {{"layers", layers}};
  document["rules"] = {"backprop"};
  return document;
}

const json k_long = json::parse(R"([
  {"name": "input", "image": [8, 8]},
  {"name": "conv1", "type": "conv2d", "filters": 6, "kernel": 3, "activation": "relu"},
  {"name": "pool1", "type": "max-pool"},
  {"name": "conv2", "type": "conv2d", "filters": 4, "kernel": 2, "activation": "relu"},
  {"name": "dropout1", "type": "dropout", "share": 0.2},
  {"name": "flatten1", "type": "flatten"},
  {"name": "dense1", "units": 12, "activation": "relu"},
  {"name": "output", "units": 10, "activation": "softmax"}])");

std::string refused(Code code, const json& layers) { return refusal(code, with_layers(layers)); }

std::set<std::string> driven_by(const Experiment& experiment) {
  const std::vector<std::string>& all = experiment.arms[0].drives[0].connections;
  return {all.begin(), all.end()};
}

// One key of one layer changed.
json changed(std::size_t layer, const char* key, const json& value) {
  json layers = k_long;
  layers[layer][key] = value;
  return layers;
}

}  // namespace

TEST_CASE("a network in the notation of tables is the one written out") {
  const json whole = to_json(load(with_layers(k_long)));
  for (const char* text : {"8x8-C3x6-MP-C2x4-D.2-F-12-10", "8x8x1-6C3-P2-4C2-D0.2-F-12-10"}) {
    CHECK(to_json(load(with_layers(text)))["network"] == whole["network"]);
  }
  json mixed = k_long;
  mixed[0] = "8x8";
  mixed[2] = "MP2";
  mixed[7] = "10";
  CHECK(to_json(load(with_layers(mixed)))["network"] == whole["network"]);
  CHECK(driven_by(load(with_layers(k_long))) ==
        std::set<std::string>{"conv1.bias", "conv2.bias", "dense1.bias", "output.bias",
                              "input>conv1", "pool1>conv2", "flatten1>dense1", "dense1>output"});
}

TEST_CASE("sizes are known once the network is read, and written down") {
  const Experiment experiment = load(with_layers(k_long));
  std::vector<std::size_t> units;
  for (const LayerSpec& layer : experiment.arms[0].network.layers) units.push_back(layer.units);
  CHECK(units == std::vector<std::size_t>{64, 216, 54, 16, 16, 16, 12, 10});
  check_against(experiment, 64, 10);
  const json written = to_json(experiment);
  CHECK(written["network"]["layers"][1]["units"] == 216);
  CHECK(to_json(load(written)) == written);
}

TEST_CASE("units with gates are written in short, or in full with their way to themselves") {
  for (const auto& [text, type, axis] : {std::tuple{"8x8-GRU6-10", "gru", "rows"},
                                         {"8x8-row GRU6-10", "gru", "rows"},
                                         {"8x8-col GRU6-10", "gru", "columns"},
                                         {"8x8-row LSTM6-10", "lstm", "rows"},
                                         {"8x8-col LSTM6-10", "lstm", "columns"}}) {
    CAPTURE(std::string(text));
    const std::string name = std::string(type) + "1";
    json layers = k_long;
    layers.erase(layers.begin() + 1, layers.begin() + 7);
    layers.insert(layers.begin() + 1,
                  json{{"name", name}, {"type", type}, {"units", 6}, {"time", axis}, {"steps", 8}});
    json document = with_layers(layers);
    const Experiment experiment = load(with_layers(text));
    CHECK(to_json(experiment)["network"] == to_json(load(document))["network"]);
    document["network"]["connections"] = {{{"from", "input"}, {"to", name}},
                                          {{"from", name}, {"to", "output"}},
                                          {{"from", name}, {"to", name}, {"init", "orthogonal"}}};
    CHECK(to_json(experiment)["network"] == to_json(load(document))["network"]);
    document["network"]["connections"][2]["init"] = "zeros";
    CHECK(to_json(experiment)["network"] != to_json(load(document))["network"]);
    const json written = to_json(experiment);
    CHECK(to_json(load(written)) == written);
    const char* bias = std::string(type) == "gru" ? "zeros" : "forget-gates";
    CHECK(written["network"]["layers"][1]["bias"]["init"]["type"] == bias);
    CHECK(driven_by(experiment) == std::set<std::string>{"input>" + name, name + ">" + name,
                                                         name + ".bias", name + ">output",
                                                         "output.bias"});
    check_against(experiment, 64, 10);
  }
}

TEST_CASE("units with gates that cannot be are refused, with their place") {
  CHECK_HAS(refused(Code::E518, "8x8-F-GRU6-10"), "its source 'flatten1' has no time");
  CHECK_HAS(refused(Code::E518, "8x8-GRU6-LSTM6-10"), "its source 'gru1' has no time");
  CHECK_HAS(refused(Code::E518, "64-LSTM6-10"), "has no time");
  CHECK_HAS(refused(Code::E503, "8x8-GRU-10"), "row GRU128");
  CHECK_HAS(refused(Code::E503, "8x8-column GRU6-10"), "col LSTM128");
  CHECK_HAS(refused(Code::E503, "8x8-GRU6"), "no units for the classes");
  json layers = {"8x8",
                 {{
                      "name",
                      "a",
                  },
                  {"type", "gru"},
                  {"units", 6}},
                 "10"};
  const auto with = [&](const char* key, const json& value) {
    json changed = layers;
    changed[1][key] = value;
    return changed;
  };
  CHECK_HAS(refused(Code::E503, with("time", "diagonals")), "/network/layers/1/time");
  CHECK_HAS(refused(Code::E518, with("steps", 7)), "8, the rows of 'input'");
  CHECK_HAS(refused(Code::E502, with("activation", "relu")), "/network/layers/1/activation");
  CHECK_HAS(refused(Code::E502, with("kernel", 3)), "/network/layers/1/kernel");
  layers[1].erase("units");
  CHECK_HAS(refused(Code::E503, layers), "units");
}

TEST_CASE("an arm may have a network of images of its own, and --set reaches into one") {
  json document = with_layers("8x8-C3x6-MP-10");
  document["rules"] = json::parse(
      R"([{"name": "small", "rule": "backprop"},
          {"name": "large", "rule": "backprop", "network": {"layers": "8x8-C3x16-MP-10"}}])");
  Experiment experiment = load(document);
  CHECK(experiment.arms[0].network.layers[1].filters == 6);
  CHECK(experiment.arms[1].network.layers[1].filters == 16);
  experiment = load(document, {.sets = {"network.layers.conv1.filters=7"}, .rules = {"small"}});
  CHECK(experiment.arms[0].network.layers[1].units == 7 * 36);
}

TEST_CASE("what does not fit is refused, with its place") {
  CHECK(refused(Code::E518, changed(1, "kernel", 9))
            .find("/network/layers cannot be: layer 'conv1' has a kernel of 9 x 9 pixels") !=
        std::string::npos);
  CHECK(refused(Code::E518, changed(2, "size", 7)).find("'pool1'") != std::string::npos);
  CHECK(refused(Code::E518, "8x8-C3x6-MP-C3x4-C2x4-10").find("'conv3'") != std::string::npos);
  CHECK(refused(Code::E518, "64-C3x6-10").find("no image") != std::string::npos);
  refused(Code::E518, changed(1, "units", 3));
  CHECK(refused(Code::E503, changed(0, "units", 63)).find("/network/layers/0/units") !=
        std::string::npos);
  refused(Code::E503, changed(6, "image", {3, 4}));
}

TEST_CASE("keys of another type of layer are refused, and those that are missing named") {
  CHECK(refused(Code::E502, changed(1, "share", 0.5)).find("/network/layers/1/share") !=
        std::string::npos);
  CHECK(refused(Code::E502, changed(6, "kernel", 3)).find("dense") != std::string::npos);
  refused(Code::E502, changed(2, "activation", "relu"));
  refused(Code::E502, changed(4, "bias", false));
  json layers = k_long;
  layers[1].erase("filters");
  CHECK(refused(Code::E503, layers).find("filters") != std::string::npos);
  layers = k_long;
  layers[6].erase("units");
  CHECK(refused(Code::E503, layers).find("lacks the key \"units\"") != std::string::npos);
  layers = k_long;
  layers[0].erase("image");
  CHECK(refused(Code::E503, layers).find("\"units\" or \"image\"") != std::string::npos);
  CHECK(refused(Code::E503, changed(1, "type", "conv")).find("conv2d") != std::string::npos);
}

TEST_CASE("short forms that say nothing are refused, with those that do") {
  for (const char* text : {"8x8-X3-10", "8x8-C3-10", "8x8--10", "8x8-C0x4-10", "8x8-C3.5x4-10",
                           "8x8-D1..2-10", "C3x4-10", "8x8-MP0-10"}) {
    CAPTURE(std::string(text));
    CHECK(refused(Code::E503, text).find("28x28") != std::string::npos);
  }
  refused(Code::E503, "8x8-D1.5-10");
  refused(Code::E503, "8x8-C3x4");
}

TEST_CASE("a connection without weights has nothing to set, and no rule") {
  json document = with_layers(json::parse(R"([
      {"name": "input", "image": [8, 8]}, {"name": "pool", "type": "max-pool"},
      {"name": "output", "units": 10, "activation": "softmax"}])"));
  document["network"]["connections"] =
      json::parse(R"([{"from": "input", "to": "pool"}, {"from": "pool", "to": "output"}])");
  CHECK(driven_by(load(document)) == std::set<std::string>{"output.bias", "pool>output"});
  document["network"]["connections"][0]["init"] = "zeros";
  CHECK(refusal(Code::E502, document).find("none lead into 'pool'") != std::string::npos);
  document["network"]["connections"][0].erase("init");
  document["rules"] = json::parse(
      R"([{"name": "a", "drive": [{"connections": ["input>pool", "output"], "rule": "backprop"}]}])");
  refusal(Code::E503, document);
}

TEST_CASE("units that spike or move in time are no images") {
  json document = small_in_trials();
  document["network"]["layers"][1]["type"] = "conv2d";
  document["network"]["layers"][1]["filters"] = 2;
  document["network"]["layers"][1]["kernel"] = 1;
  refusal(Code::E502, document);
}
