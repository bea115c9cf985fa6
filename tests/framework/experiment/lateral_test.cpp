// SPDX-License-Identifier: Apache-2.0
// Lateral connections in an experiment.
#include <limits>

#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

// small() with these lateral connections between the 6 units of hidden2.
json with_lateral(const json& lateral) {
  json document = small();
  document["network"]["layers"][2]["lateral"] = lateral;
  return document;
}

json uniform(double strength, std::size_t units) {
  json rows = json::array();
  for (std::size_t i = 0; i < units; ++i) {
    json row = json::array();
    for (std::size_t j = 0; j < units; ++j) row.push_back(i == j ? 0.0 : strength);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("lateral connections are a strength, or weights, and survive being written out") {
  for (const json& lateral : {json(-0.1), json{{"strength", -0.1}}}) {
    const Experiment experiment = load(with_lateral(lateral));
    CHECK(experiment.arms[0].network.layers[2].lateral.strength == -0.1);
    CHECK_FALSE(experiment.arms[0].network.layers[1].lateral.exists());
    CHECK(to_json(experiment)["network"]["layers"][2]["lateral"] == json{{"strength", -0.1}});
    CHECK(to_json(load(to_json(experiment))) == to_json(experiment));
  }
  const json weights = {{"weights", uniform(0.1, 6)}};
  const Experiment experiment = load(with_lateral(weights));
  CHECK(experiment.arms[0].network.layers[2].lateral.weights[0][1] == 0.1);
  CHECK(to_json(experiment)["network"]["layers"][2]["lateral"] == weights);
}

TEST_CASE("lateral connections that do not settle are an error, by strength or by weights") {
  CHECK_HAS(refusal(Code::E514, with_lateral(0.2)),
            "/network/layers/2/lateral cannot be: lateral connections of 6 units are too strong\n  "
            "expected a strength above -1 and below 1 / (6 - 1) = 0.2, found 0.2");
  CHECK_HAS(refusal(Code::E514, with_lateral(-1)), "found -1");
  CHECK_HAS(refusal(Code::E514, with_lateral({{"weights", uniform(0.2, 6)}})), "found 1\n");
  CHECK_HAS(refusal(Code::E514, with_lateral({{"weights", uniform(-1.5, 6)}})), "found 1.5\n");
}

TEST_CASE("an arm whose own network cannot be is named, beside its place in the file") {
  json document = small();
  json network = document["network"];
  network["layers"][2]["lateral"] = 0.2;
  document["rules"][1]["network"] = network;
  CHECK_HAS(refusal(Code::E514, document),
            "arm 'oja': small.json: /rules/1/network/layers/2/lateral cannot be: ");
  document = small();
  document["network"]["layers"][2]["lateral"] = 0.2;
  CHECK_HAS(refusal(Code::E514, document), "error[E514] small.json: /network/layers/2/lateral");
}

TEST_CASE("lateral weights that do not fit, or are no numbers, are errors") {
  CHECK_HAS(refusal(Code::E205, with_lateral({{"weights", uniform(0.1, 5)}})),
            "expected 6 x 6 weights, found 5 rows");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_HAS(refusal(Code::E503, with_lateral({{"weights", uniform(nan, 6)}})), "is not finite");
  CHECK_HAS(refusal(Code::E503, with_lateral(nan)), "is not finite");
  CHECK_HAS(refusal(Code::E503, with_lateral("strong")), "/network/layers/2/lateral");
  CHECK_HAS(refusal(Code::E503, with_lateral(json::object())),
            "need one of \"strength\" and \"weights\"");
  CHECK_HAS(refusal(Code::E503, with_lateral({{"strength", 0.1}, {"weights", uniform(0.1, 6)}})),
            "need one of");
}

TEST_CASE("the input and layers with time have no lateral connections") {
  json document = small();
  document["network"]["layers"][0]["lateral"] = -0.1;
  CHECK_HAS(refusal(Code::E503, document), "/network/layers/0/lateral belongs to the input layer");
  document = small_in_trials();
  document["network"]["layers"][1]["lateral"] = -0.1;
  CHECK_HAS(refusal(Code::E503, document),
            "/network/layers/1/lateral belongs to a layer that moves in time");
}
