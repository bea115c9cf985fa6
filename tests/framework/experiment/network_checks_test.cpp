// SPDX-License-Identifier: Apache-2.0
#include "experiment/network_checks.hpp"

#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

json connection(const char* from, const char* to) { return {{"from", from}, {"to", to}}; }

// small() with these connections instead of its chain, trained by one rule.
json wired(json connections) {
  json document = small();
  document["network"]["connections"] = std::move(connections);
  document["rules"] = {"backprop"};
  return document;
}

const json k_chain = {connection("input", "hidden1"), connection("hidden1", "hidden2"),
                      connection("hidden2", "output")};

json chain_and(json extra) {
  json connections = k_chain;
  connections.push_back(std::move(extra));
  return wired(connections);
}

}  // namespace

TEST_CASE("skip connections make no cycle") {
  CHECK(load(chain_and(connection("input", "output"))).arms[0].network.connections.size() == 4);
}

TEST_CASE("a cycle is an error that names it") {
  CHECK_HAS(refusal(Code::E511, chain_and(connection("hidden2", "hidden1"))),
            "small.json: /network/connections make a cycle, but static dynamics allow none\n"
            "  found hidden1 > hidden2 > hidden1");
  CHECK_HAS(refusal(Code::E511, chain_and(connection("hidden2", "hidden2"))),
            "found hidden2 > hidden2");
  CHECK_HAS(refusal(Code::E511, chain_and(connection("output", "input"))),
            "found input > hidden1 > hidden2 > output > input");
}

TEST_CASE("an unknown layer is an error with the nearest name") {
  CHECK_HAS(refusal(Code::E510, chain_and(connection("input", "hiden2"))),
            "/network/connections/3/to names no layer: 'hiden2'\n  try: did you mean 'hidden2'?");
  CHECK_HAS(refusal(Code::E510, chain_and(connection("inputs", "output"))),
            "/network/connections/3/from names no layer: 'inputs'");
}

TEST_CASE("a layer that nothing reaches, or that leads nowhere, is an error") {
  CHECK_HAS(
      refusal(Code::E512, wired({connection("input", "hidden1"), connection("hidden1", "output"),
                                 connection("hidden2", "output")})),
      "('hidden2') cannot be reached from the input layer 'input'");
  CHECK_HAS(
      refusal(Code::E512, wired({connection("input", "hidden1"), connection("hidden1", "output"),
                                 connection("hidden1", "hidden2")})),
      "/network/layers/2 ('hidden2') does not lead to the output layer 'output'");
}

TEST_CASE("names of layers and connections are unique") {
  CHECK_HAS(refusal(Code::E503,
                    [](json& d) {
                      d["network"]["connections"] = k_chain;
                      d["network"]["layers"].insert(d["network"]["layers"].begin() + 1,
                                                    d["network"]["layers"][1]);
                    }),
            "/network/layers/2 has the name 'hidden1', which is taken");
  CHECK_HAS(refusal(Code::E503, chain_and(connection("input", "hidden1"))),
            "/network/connections/3 has the name 'input>hidden1', which is taken");
  json named = connection("input", "output");
  named["name"] = "output.bias";
  CHECK_HAS(refusal(Code::E503, chain_and(named)), "has the name 'output.bias', which is taken");
  named["name"] = "second";
  CHECK(load(chain_and(named)).arms[0].network.connections[3].name == "second");
}

TEST_CASE("a connection's name can be the name of a file") {
  json named = connection("input", "output");
  for (const char* name : {"a/b", "*", "a b", ".a"}) {
    named["name"] = name;
    CHECK_HAS(refusal(Code::E503, chain_and(named)), "cannot be the name of a connection");
  }
}

TEST_CASE("softmax belongs to the output, and nothing to the input") {
  const auto activate = [](std::size_t layer, const char* activation) {
    return
        [layer, activation](json& d) { d["network"]["layers"][layer]["activation"] = activation; };
  };
  CHECK_HAS(refusal(Code::E503, activate(1, "softmax")),
            "/network/layers/1/activation is softmax, which only the output layer can have");
  CHECK_HAS(refusal(Code::E503, activate(0, "relu")),
            "/network/layers/0/activation belongs to the input layer");
  CHECK_HAS(refusal(Code::E503, [](json& d) { d["network"]["layers"][0]["bias"] = true; }),
            "/network/layers/0/bias belongs to the input layer");
}

TEST_CASE("what is wrong in an arm's own network is placed there") {
  json document = small();
  document["rules"][0] = {{"rule", "backprop"},
                          {"network", {{"connections", {connection("input", "putput")}}}}};
  CHECK_HAS(refusal(Code::E510, document),
            "/rules/0/network/connections/0/to names no layer: 'putput'");
}

TEST_CASE("a connection needs the sources that Dale's law and the initialiser name") {
  const auto with = [](json init, json constraint, double density = 1) {
    json extra = connection("input", "output");
    extra["init"] = std::move(init);
    extra["constraint"] = std::move(constraint);
    extra["density"] = density;
    return chain_and(extra);
  };
  const json init = json::parse(R"({"type": "excitatory-inhibitory", "excitatory": 60,
    "each": [5, 4], "values": [0.5, -0.5]})");
  const json dale = {{"sign", "dale"}, {"excitatory", 64}};
  CHECK_NOTHROW((void)load(with(init, dale)));
  CHECK_HAS(refusal(Code::E503, with(init, {{"sign", "dale"}, {"excitatory", 65}})),
            "/network/connections/3/constraint/excitatory counts more units than there are sources"
            "\n  expected at most 64, found 65");
  json wrong = init;
  wrong["excitatory"] = 65;
  CHECK_HAS(refusal(Code::E503, with(wrong, dale)), "init/excitatory counts more units");
  wrong = init;
  wrong["each"] = {5, 5};
  CHECK_HAS(refusal(Code::E503, with(wrong, dale)),
            "/network/connections/3/init/each draws more sources than there are\n"
            "  expected at most [60, 4], found [5, 5]");
  wrong = init;
  wrong["values"] = {-0.5, 0.5};
  CHECK_HAS(refusal(Code::E503, with(wrong, dale)), "init/values do not excite, then inhibit");
  CHECK_HAS(refusal(Code::E503, with(init, dale, 0.5)), "and so does the density");
  CHECK_HAS(refusal(Code::E503, with("zeros", {{"sign", "dale"}})),
            "/network/connections/3/constraint does not say how many sources excite");
  CHECK_HAS(refusal(Code::E503, with("zeros", {{"excitatory", 3}})),
            "constraint names excitatory sources without Dale's law");
  CHECK_HAS(
      refusal(Code::E503, with("zeros", {{"sign", "dale"}, {"excitatory", 3}, {"bounds", {1, 2}}})),
      "bounds contradicts the sign 'dale'");
}

TEST_CASE("a bias has one source, for Dale's law too") {
  json document = small();
  document["network"]["layers"][1]["bias"] = {
      {"constraint", {{"sign", "dale"}, {"excitatory", 2}}}};
  CHECK_HAS(refusal(Code::E503, document),
            "/network/layers/1/bias/constraint/excitatory counts more units");
}
