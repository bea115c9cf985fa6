// SPDX-License-Identifier: Apache-2.0
// Sequences of contexts in experiment files: what is read, and what is refused by name.
#include <doctest/doctest.h>

#include "experiment/resolved.hpp"
#include "framework/experiment/small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json with_sequence(const json& sequence = {{"type", "split"}, {"scenario", "task"}}) {
  json document = small();
  document["task"]["sequence"] = sequence;
  return document;
}

std::string refused(const std::function<void(json&)>& spoil, Code code = Code::E503) {
  json document = with_sequence();
  spoil(document);
  return refusal(code, document);
}

}  // namespace

TEST_CASE("a sequence is read with its defaults, and written out whole") {
  const Experiment split = load(with_sequence());
  REQUIRE(split.task.sequence.has_value());
  CHECK(split.task.sequence->contexts == 5);
  CHECK(split.task.sequence->scenario == "task");
  CHECK(load(with_sequence(json::object({{"type", "permuted"}}))).task.sequence->contexts == 10);
  const json given = {{"type", "permuted"}, {"contexts", 3},           {"scenario", "domain"},
                      {"updates", 20},      {"reset_optimizer", true}, {"joint", true},
                      {"match_at", 0.9}};
  const json written = to_json(load(with_sequence(given)));
  CHECK(written["task"]["sequence"] == given);
  CHECK(to_json(load(written)) == written);
  CHECK(to_json(load(with_sequence()))["task"]["sequence"]["order"] == "ascending");
  const json drawn = {{"type", "split"}, {"order", "drawn"}};
  CHECK(load(with_sequence(drawn)).task.sequence->is_order_drawn);
  CHECK(to_json(load(with_sequence(drawn)))["task"]["sequence"]["order"] == "drawn");
  CHECK_FALSE(to_json(load(small()))["task"].contains("sequence"));
}

TEST_CASE("what a sequence makes nonsense of is refused") {
  CHECK_HAS(refused([](json& d) { d["task"]["sequence"]["scenario"] = "domian"; }), "domain");
  CHECK_HAS(refused([](json& d) { d["task"]["sequence"]["context"] = 5; }, Code::E502), "contexts");
  CHECK_HAS(refused([](json& d) { d["task"]["sequence"]["contexts"] = 1; }), "contexts");
  CHECK_HAS(refused([](json& d) { d["task"]["sequence"]["order"] = "random"; }), "drawn");
  CHECK_HAS(refused(
                [](json& d) {
                  d["task"]["sequence"] = {{"type", "permuted"}, {"order", "drawn"}};
                },
                Code::E502),
            "/task/sequence/order is a key of the type \"split\"");
  CHECK_HAS(refused([](json& d) {
              d["criterion"] = {{"metric", "train_accuracy"}, {"at_least", 0.9}};
            }),
            "sequence");
  CHECK_HAS(refused([](json& d) { d["features"] = {{"layer", "hidden1"}}; }), "sequence");
  CHECK_HAS(refused([](json& d) { d["optimizer"]["schedule"] = "cosine"; }), "schedule");
  CHECK_HAS(refused([](json& d) {
              d["rules"] = {{{"name", "part"},
                             {"drive",
                              {{{"connections", {"hidden1", "hidden2", "output"}},
                                {"rule", "backprop"},
                                {"epochs", {0, 2}}}}}}};
            }),
            "epochs of its own");
  CHECK_HAS(refused([](json& d) {
              d["training"]["loss"] = "none";
              d["rules"] = {"random-features"};
            }),
            "loss");
  CHECK_HAS(refused(
                [](json& d) {
                  d["task"] = {{"trials", "delayed-match"}, {"sequence", {{"type", "split"}}}};
                },
                Code::E502),
            "sequence");
}
