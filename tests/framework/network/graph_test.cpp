// SPDX-License-Identifier: Apache-2.0
#include "network/graph.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace deltaw;

namespace {

NetworkSpec network(const std::vector<std::string>& layers,
                    const std::vector<std::pair<std::string, std::string>>& edges) {
  NetworkSpec spec;
  for (const auto& name : layers) {
    spec.layers.emplace_back().name = name;
    spec.layers.back().units = 2;
  }
  for (const auto& [from, to] : edges) {
    spec.connections.emplace_back().from = from;
    spec.connections.back().to = to;
  }
  return spec;
}

std::string refusal(const NetworkSpec& spec) {
  try {
    (void)make_graph(spec);
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("layers come after their sources, whatever the order in the list") {
  const Graph graph = make_graph(
      network({"input", "late", "early", "output"},
              {{"input", "early"}, {"early", "late"}, {"late", "output"}, {"input", "output"}}));
  std::vector<std::string> names;
  for (const auto& layer : graph.layers) names.push_back(layer.name);
  CHECK(names == std::vector<std::string>{"one", "input", "early", "late", "output"});
  CHECK(graph.layers[graph.input].name == "input");
  CHECK(graph.layers[graph.output].name == "output");
  for (const auto& c : graph.connections) CHECK(c.source < c.target);
}

TEST_CASE("a bias is a connection from the constant layer, except where it is switched off") {
  NetworkSpec spec = network({"input", "output"}, {{"input", "output"}});
  Graph graph = make_graph(spec);
  REQUIRE(graph.connections.size() == 2);
  CHECK(graph.connections[0].name == "output.bias");
  CHECK(graph.connections[0].source == 0);
  CHECK(graph.connections[1].name == "input>output");
  spec.layers[1].bias_rate = 3;
  CHECK(make_graph(spec).connections[0].rate == 3);
  spec.layers[1].bias = false;
  CHECK(make_graph(spec).connections.size() == 1);
}

TEST_CASE("a cycle is named") {
  const std::string text = refusal(network(
      {"input", "a", "b", "output"}, {{"input", "a"}, {"a", "b"}, {"b", "a"}, {"b", "output"}}));
  CHECK(text.starts_with("error[E511] the static network has a cycle: "));
  const bool is_named = text.find("a > b > a") != text.npos || text.find("b > a > b") != text.npos;
  CHECK(is_named);
  CHECK(refusal(network({"input", "output"}, {{"input", "output"}, {"output", "output"}}))
            .find("output > output") != std::string::npos);
}

TEST_CASE("unknown, unreachable, dead-end and doubled layers are refused") {
  CHECK(refusal(network({"input", "hidden", "output"}, {{"input", "hiden"}}))
            .find("did you mean 'hidden'?") != std::string::npos);
  CHECK(refusal(network({"input", "stray", "output"}, {{"input", "output"}, {"stray", "output"}}))
            .starts_with("error[E512] layer 'stray' cannot be reached"));
  CHECK(refusal(network({"input", "stray", "output"}, {{"input", "output"}, {"input", "stray"}}))
            .starts_with("error[E512] layer 'stray' does not lead to the output"));
  CHECK(refusal(network({"input", "input"}, {})).starts_with("error[E503] two layers"));
  CHECK(refusal(network({"input", "output"}, {{"input", "output"}, {"input", "output"}}))
            .starts_with("error[E503] two connections are called 'input>output'"));
  CHECK(refusal(network({"input", "one"}, {{"input", "one"}})).starts_with("error[E503]"));
}
