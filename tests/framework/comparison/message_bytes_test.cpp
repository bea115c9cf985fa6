// SPDX-License-Identifier: Apache-2.0
#include "comparison/message_bytes.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

using namespace deltaw;
using nlohmann::json;

TEST_CASE("an outcome comes back whole, to the bit") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  RunOutcome outcome;
  outcome.record = {.rule = "hebbian", .seed = 7};
  outcome.record.status = "finished";
  outcome.record.curve.push_back({.epoch = 3, .updates = 30, .seconds = 0.1, .test_accuracy = 0.1});
  outcome.record.metrics = {{"test_accuracy", 0.1}, {"epochs_to_criterion", std::nullopt}};
  outcome.weights = {{"in>out", {1, 2, std::vector<float>{0.1f, -0.f}}},
                     {"bias", {2, 1, std::vector<double>{nan, 1e-320}}}};
  outcome.confusion = {1, 1, std::vector<std::int64_t>{-1}};
  outcome.arrays = {{"empty", {0, 0, std::vector<float>{}}}};
  outcome.features = std::make_shared<const json>(json{{"layer", "hidden"}});
  const Message message = message_of(bytes_of(Message(outcome)), "hebbian", 7);
  const auto& back = std::get<RunOutcome>(message);
  CHECK(back.record.rule == "hebbian");
  CHECK(back.record.seed == 7);
  CHECK(back.record.status == "finished");
  REQUIRE(back.record.curve.size() == 1);
  CHECK(back.record.curve[0].test_accuracy == 0.1);
  CHECK_FALSE(back.record.curve[0].test_loss);
  CHECK(back.record.metrics == outcome.record.metrics);
  REQUIRE(back.weights.size() == 2);
  CHECK(back.weights[0].first == "in>out");
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(npy_bytes(back.weights[i].second) == npy_bytes(outcome.weights[i].second));
  }
  CHECK(npy_bytes(back.confusion) == npy_bytes(outcome.confusion));
  CHECK(npy_bytes(back.arrays.at(0).second) == npy_bytes(outcome.arrays[0].second));
  REQUIRE(back.features);
  CHECK(*back.features == *outcome.features);
  CHECK_FALSE(back.analysis);
  CHECK_FALSE(back.measurement);
}

TEST_CASE("a state of any bytes comes back") {
  const std::string state("\0\xff\n", 3);
  const Message message = message_of(bytes_of(StateMessage{"hebbian", 7, state}), "hebbian", 7);
  CHECK(std::get<StateMessage>(message).state == state);
}
