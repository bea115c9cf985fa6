// SPDX-License-Identifier: Apache-2.0
// "alignment" under "training": who watches, and what is refused.
#include "experiment/experiment.hpp"
#include "experiment/resolved.hpp"
#include "framework/experiment/small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json watched(json alignment) {
  json document = small();
  document["training"]["alignment"] = std::move(alignment);
  return document;
}

}  // namespace

TEST_CASE("shadows are rules by name, or objects with parameters and connections") {
  const Experiment experiment =
      load(watched({{"rule", "backprop"},
                    {"batches", 5},
                    {"every", 40},
                    {"draws", 3},
                    {"shadows",
                     {"feedback-alignment",
                      {{"name", "oja"},
                       {"rule", "hebbian"},
                       {"parameters", {{"variant", "oja"}}},
                       {"connections", {"hidden1", "hidden2>output"}}}}}}));
  for (const Arm& arm : experiment.arms) {
    const AlignmentSpec& spec = arm.alignment;
    REQUIRE(spec.reference);
    CHECK(spec.reference->rule == "backprop");
    CHECK(spec.reference->connections.size() == 6);  // three connections and three biases
    CHECK(spec.length == 5);
    CHECK(spec.every == 40);
    CHECK(spec.draws == 3);
    REQUIRE(spec.shadows.size() == 2);
    CHECK(spec.shadows[0].name == "feedback-alignment");
    CHECK(spec.shadows[0].connections.size() == 6);
    CHECK(spec.shadows[1].name == "oja");
    CHECK(std::get<std::string>(spec.shadows[1].parameters.at("variant")) == "oja");
    CHECK(spec.shadows[1].connections ==
          std::vector<std::string>{"input>hidden1", "hidden2>output", "hidden1.bias"});
  }
  // What is written out reads the same.
  const json full = to_json(experiment);
  CHECK(to_json(load(full)) == full);
}

TEST_CASE("without a rule others are compared with those that drive; without both nobody watches") {
  CHECK(!load(watched({{"shadows", {"hebbian"}}})).arms[0].alignment.reference);
  CHECK_HAS(refusal(Code::E503, watched(json::object())), "nobody who watches");
  CHECK_HAS(
      refusal(Code::E503, watched({{"shadows", {"hebbian"}}, {"parameters", json::object()}})),
      "of no rule");
  CHECK(!load(small()).arms[0].alignment.is_asked_for());
}

TEST_CASE("what does not fit is refused by name") {
  CHECK_HAS(refusal(Code::E502, watched({{"rule", "backprop"}, {"trials", 3}})), "batches");
  json in_trials = small_in_trials();
  in_trials["training"]["alignment"] = {{"rule", "backprop"}, {"batches", 3}};
  CHECK_HAS(refusal(Code::E502, in_trials), "trials");
  CHECK_HAS(refusal(Code::E503, watched({{"shadows", {"hebbian", "hebbian"}}})), "taken");
  CHECK_HAS(refusal(Code::E510,
                    watched({{"shadows", {{{"rule", "hebbian"}, {"connections", {"hidden3"}}}}}})),
            "hidden1");
  CHECK_HAS(refusal(Code::E502, watched({{"shadow", {"hebbian"}}})), "shadows");
}
