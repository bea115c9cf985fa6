// SPDX-License-Identifier: Apache-2.0
// A small experiment for the tests of experiment/, and how to catch what is wrong in a variant.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.hpp"
#include "experiment/load.hpp"

namespace deltaw::test {

using nlohmann::json;

inline json small() {
  return json::parse(R"({
    "deltaw": 1,
    "name": "small",
    "task": {"type": "digits"},
    "network": {"layers": [
      {"name": "input", "units": 64},
      {"name": "hidden1", "units": 8, "activation": "relu"},
      {"name": "hidden2", "units": 6, "activation": "relu"},
      {"name": "output", "units": 10, "activation": "softmax"}]},
    "training": {"epochs": 3},
    "optimizer": {"type": "sgd", "rate": 0.05},
    "rules": ["backprop", {"name": "oja", "drive": [
      {"connections": ["hidden1", "hidden2"], "rule": "hebbian", "parameters": {"variant": "oja"}},
      {"connections": ["output"], "rule": "backprop"}]}]
  })");
}

// The same network with rate units, on trials.
inline json small_in_trials() {
  json document = small();
  document["task"] = {{"trials", "delayed-nonmatch"}};
  document["training"] = {{"trials", 30}};
  document["network"]["layers"][1]["dynamics"] = "rate";
  document["network"]["layers"][3]["activation"] = "linear";
  return document;
}

inline Experiment load(const json& document, const Changes& changes = {}) {
  return parse_experiment(document, "small.json", changes);
}

// The text of the error that loading `document` gives; checks its code.
inline std::string refusal(Code code, const json& document, const Changes& changes = {}) {
  try {
    (void)load(document, changes);
  } catch (const Error& error) {
    CHECK(info(error.code()).name == info(code).name);
    return error.text();
  }
  FAIL_CHECK("no error");
  return "";
}

// The same for small() after `spoil`.
inline std::string refusal(Code code, const std::function<void(json&)>& spoil) {
  json document = small();
  spoil(document);
  return refusal(code, document);
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace deltaw::test

// Shows the whole text when a part of it is missing.
#define CHECK_HAS(text, part)              \
  do {                                     \
    const std::string shown = (text);      \
    INFO(shown);                           \
    CHECK(deltaw::test::has(shown, part)); \
  } while (false)
