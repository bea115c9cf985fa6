// SPDX-License-Identifier: Apache-2.0
// Protocols in an experiment.
#include "experiment/resolved.hpp"
#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json sweep() {
  return json::parse(R"({
    "deltaw": 1,
    "name": "sweep",
    "task": {"protocol": {"type": "current-sweep", "values": {"to": 0.5, "step": 0.1}, "show": 50}},
    "network": {
      "layers": [
        {"name": "in", "units": 1, "source": {"type": "current", "amplitude": 30}},
        {"name": "out", "units": 2, "dynamics": "spiking"}],
      "connections": [{"from": "in", "to": "out", "plastic": false}]},
    "rules": [{"name": "none", "drive": []}]
  })");
}

std::string refused(Code code, const std::function<void(json&)>& spoil) {
  json document = sweep();
  spoil(document);
  return refusal(code, document);
}

}  // namespace

TEST_CASE("a protocol is read as it is written, with an arm in which nothing learns") {
  const Experiment experiment = load(sweep());
  REQUIRE(experiment.task.protocol);
  const ProtocolSpec& protocol = *experiment.task.protocol;
  CHECK(protocol.type == "current-sweep");
  CHECK(protocol.values.size() == 6);
  CHECK(protocol.values.at(5) == doctest::Approx(0.5));
  CHECK(protocol.show == 50);
  CHECK(experiment.task.data.name == "current-sweep");
  CHECK(experiment.arms.front().drives.empty());
  CHECK(experiment.arms.front().spiking->layers.front().source.amplitude == 30);
  json document = sweep();
  document["task"]["protocol"] = "recording";
  CHECK(load(document).task.protocol->show == 1000);
}

TEST_CASE("a resolved protocol is read as the same one again") {
  for (const char* type : {"recording", "pairing", "current-sweep", "rectification"}) {
    json document = sweep();
    document["task"]["protocol"] = type;
    const json once = to_json(load(document));
    CHECK(to_json(load(once)) == once);
  }
}

TEST_CASE("what a protocol does not know is refused") {
  CHECK_HAS(refused(Code::E503, [](json& d) { d["task"]["type"] = "digits"; }),
            "needs one of \"type\" (a data set), \"trials\" and \"protocol\"");
  CHECK_HAS(refused(Code::E502, [](json& d) { d["task"]["scale"] = "raw"; }),
            "the task is a protocol");
  CHECK_HAS(refused(Code::E502, [](json& d) { d["task"]["protocol"]["pairs"] = 3; }),
            "unknown key of type 'current-sweep'");
  CHECK_HAS(refused(Code::E503, [](json& d) { d["task"]["protocol"]["values"]["from"] = 0.7; }),
            "sweeps over nothing");
  CHECK_HAS(refused(Code::E503, [](json& d) { d["task"]["protocol"]["values"]["step"] = 1e-7; }),
            "or too much");
  CHECK_HAS(refused(Code::E403, [](json& d) { d["task"]["protocol"]["values"]["to"] = 1.5; }),
            "values from 0 to 1");
  CHECK_HAS(refused(Code::E502,
                    [](json& d) {
                      d["training"] = {{"epochs", 3}};
                    }),
            "/training/epochs is not of protocols");
  CHECK_HAS(refused(Code::E502, [](json& d) { d["features"] = json::object(); }),
            "/features is of tasks with data");
  CHECK_HAS(refused(Code::E502, [](json& d) { d["margin"] = 0.1; }),
            "/margin is of tasks with data");
  CHECK_HAS(refused(Code::E513, [](json& d) { d["network"]["connections"][0]["plastic"] = true; }),
            "has no rule for the plastic connection");
  json document = small();
  document["task"] = {{"protocol", "recording"}};
  document["training"] = json::object();
  CHECK_HAS(refusal(Code::E503, document), "is of networks that spike");
}

TEST_CASE("an arm in which nothing learns is of protocols alone") {
  json document = sweep();
  document["task"] = {{"type", "digits"}};
  CHECK_HAS(refusal(Code::E503, document), "is empty, so that nothing learns");
}
