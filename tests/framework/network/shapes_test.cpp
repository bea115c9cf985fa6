// SPDX-License-Identifier: Apache-2.0
#include "network/shapes.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "error_of.hpp"
#include "network/graph.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using deltaw::testing::chain;
using deltaw::testing::layer;

namespace {

LayerSpec of_type(std::string type, std::size_t side = 0, std::size_t filters = 0) {
  LayerSpec spec = layer(type, 0, "relu");
  spec.type = std::move(type);
  spec.side = side;
  spec.filters = filters;
  if (spec.type == "max-pool") spec.stride = side;
  return spec;
}

LayerSpec image(std::size_t height, std::size_t width, std::size_t channels = 1) {
  LayerSpec spec = layer("input", 0);
  spec.image = {height, width, channels};
  return spec;
}

// Convolution 5 x 5 on 28 x 28, pool, dropout, flatten, output.
NetworkSpec lenet() {
  LayerSpec drop = of_type("dropout");
  drop.share = 0.5;
  return chain({image(28, 28), of_type("conv2d", 5, 6), of_type("max-pool", 2), drop,
                of_type("flatten"), layer("output", 10, "softmax")});
}

std::string refusal(Code code, const std::function<void(NetworkSpec&)>& spoil) {
  NetworkSpec spec = lenet();
  spoil(spec);
  const Error error = error_of([&] { static_cast<void>(make_graph(spec)); });
  CHECK(info(error.code()).name == info(code).name);
  return error.text();
}

}  // namespace

TEST_CASE("sizes follow from the source") {
  const Graph graph = make_graph(lenet());
  const auto& layers = graph.layers;
  REQUIRE(layers.size() == 7);
  CHECK(layers[1].units == 784);
  CHECK(layers[2].units == 24 * 24 * 6);
  CHECK(layers[3].units == 12 * 12 * 6);
  CHECK(layers[4].image.width == 12);
  CHECK(layers[5].units == 864);
  CHECK_FALSE(layers[5].image.exists());
  const Graph::Connection& conv = graph.connections[*std::prev(layers[2].incoming.end())];
  CHECK(conv.outputs == 6);
  CHECK(conv.inputs == 25);
  CHECK(conv.multiply_adds() == 6 * 25 * 24 * 24);
  const Graph::Connection& bias = graph.connections[layers[2].incoming.front()];
  CHECK(bias.is_bias);
  CHECK(bias.outputs == 6);
  CHECK(bias.positions == 576);
  CHECK(layers[3].incoming.size() == 1);
  CHECK(graph.connections[layers[3].incoming[0]].outputs == 0);
}

TEST_CASE("pooling that does not divide leaves out what remains at the right and lower edge") {
  NetworkSpec spec = chain({image(7, 9, 3), of_type("max-pool", 2), layer("output", 10)});
  const Graph graph = make_graph(spec);
  CHECK(graph.layers[2].image.height == 3);
  CHECK(graph.layers[2].image.width == 4);
  CHECK(graph.layers[2].image.channels == 3);
}

TEST_CASE("the tables' networks on 28 x 28 fit, the deepest down to a single pixel") {
  NetworkSpec spec = chain({image(28, 28), of_type("conv2d", 3, 32)});
  for (const auto& [type, side, filters] : {std::tuple{"conv2d", 3, 64},
                                            {"max-pool", 2, 0},
                                            {"conv2d", 5, 128},
                                            {"max-pool", 2, 0},
                                            {"conv2d", 3, 64},
                                            {"max-pool", 2, 0}}) {
    LayerSpec next =
        of_type(type, static_cast<std::size_t>(side), static_cast<std::size_t>(filters));
    next.name += std::to_string(spec.layers.size());
    spec.connections.push_back(testing::connection(spec.layers.back().name, next.name));
    spec.layers.push_back(next);
  }
  derive_shapes(spec);
  std::vector<std::size_t> widths;
  for (const LayerSpec& l : spec.layers) widths.push_back(l.image.width);
  CHECK(widths == std::vector<std::size_t>{28, 26, 24, 12, 8, 4, 2, 1});
}

TEST_CASE("what does not fit is named, with both sizes") {
  const std::string large = refusal(Code::E518, [](NetworkSpec& n) { n.layers[1].side = 29; });
  CHECK(large.find("layer 'conv2d' has a kernel of 29 x 29 pixels, which no place of 'input'") !=
        std::string::npos);
  CHECK(large.find("28 x 28") != std::string::npos);
  const std::string gone = refusal(Code::E518, [](NetworkSpec& n) { n.layers[2].side = 25; });
  CHECK(gone.find("layer 'max-pool' has a square of 25 x 25 pixels") != std::string::npos);
  const std::string list = refusal(Code::E518, [](NetworkSpec& n) {
    n.layers[0].image = {};
    n.layers[0].units = 784;
  });
  CHECK(list.find("its source 'input' is no image") != std::string::npos);
  CHECK(list.find("\"image\": [28, 28]") != std::string::npos);
  const std::string other = refusal(Code::E518, [](NetworkSpec& n) { n.layers[1].units = 100; });
  CHECK(other.find("3456 units, from its source") != std::string::npos);
  refusal(Code::E518, [](NetworkSpec& n) { n.layers[1].filters = 1 << 24; });
}

TEST_CASE("units with gates make steps of the rows or the columns of an image") {
  LayerSpec gru = of_type("gru");
  gru.units = 7;
  NetworkSpec spec = chain({image(8, 6, 3), gru, layer("output", 10)});
  spec.connections.push_back(testing::connection("gru", "gru"));
  for (const auto& [axis, steps] : {std::pair{"rows", 8}, {"columns", 6}}) {
    spec.layers[1].axis = axis;
    const Graph graph = make_graph(spec);
    const Graph::Layer& layer = graph.layers[2];
    CHECK(layer.units == 7);
    CHECK(layer.potentials() == static_cast<std::size_t>(steps) * 4 * 7);
    CHECK(layer.gated.sequence.steps() == static_cast<std::size_t>(steps));
    CHECK_FALSE(layer.image.exists());
    for (const Graph::Connection& c : graph.connections) {
      if (c.target != 2) continue;
      CHECK(c.positions == static_cast<std::size_t>(steps));
      CHECK(c.outputs == (c.is_bias ? 4 : 3) * 7);
      CHECK(c.inputs == (c.is_bias        ? 1
                         : c.is_recurrent ? 7
                                          : 144 / static_cast<std::size_t>(steps)));
    }
  }
}

TEST_CASE("units with gates that have no steps, or no way back to themselves, are refused") {
  const auto refused = [](Code code, const std::function<void(NetworkSpec&)>& spoil) {
    return refusal(code, [&](NetworkSpec& n) {
      LayerSpec lstm = of_type("lstm");
      lstm.units = 7;
      n = chain({image(28, 28), lstm, layer("output", 10)});
      n.connections.push_back(testing::connection("lstm", "lstm"));
      spoil(n);
    });
  };
  const auto has = [](const std::string& text, const char* part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  has(refused(Code::E518,
              [](NetworkSpec& n) {
                n = chain({image(28, 28), of_type("flatten"), n.layers[1], layer("output", 10)});
                n.connections.push_back(testing::connection("lstm", "lstm"));
              }),
      "is lstm, and its source 'flatten' has no time");
  has(refused(Code::E503, [](NetworkSpec& n) { n.layers[1].axis = "row"; }), "did you mean 'rows'");
  has(refused(Code::E503, [](NetworkSpec& n) { n.layers[1].units = 0; }), "has no units");
  const std::string steps = refused(Code::E518, [](NetworkSpec& n) { n.layers[1].steps = 27; });
  has(steps, "as many steps as it says");
  has(steps, "28, the rows of 'input'");
  has(refused(Code::E503, [](NetworkSpec& n) { n.connections.pop_back(); }),
      "has gates, and no connection to itself");
  has(refused(Code::E503,
              [](NetworkSpec& n) { n.connections.push_back(testing::connection("lstm", "lstm")); }),
      "two connections to itself");
  has(refused(Code::E503,
              [](NetworkSpec& n) {
                n.layers.pop_back();
                n.connections.erase(n.connections.begin() + 1);
              }),
      "the output layer 'lstm' is lstm");
  has(refused(Code::E503, [](NetworkSpec& n) { n.layers[2].dynamics.type = "rate"; }),
      "in a network with time");
  refused(Code::E503, [](NetworkSpec& n) { n.layers[1].lateral.strength = -0.1; });
}

TEST_CASE("what says nothing or contradicts itself is named") {
  refusal(Code::E503, [](NetworkSpec& n) { n.layers[1].side = 0; });
  refusal(Code::E503, [](NetworkSpec& n) { n.layers[1].stride = 0; });
  refusal(Code::E503, [](NetworkSpec& n) { n.layers[1].filters = 0; });
  CHECK(refusal(Code::E503, [](NetworkSpec& n) {
          n.layers[1].padding = 5;
        }).find("nothing but padding") != std::string::npos);
  CHECK(refusal(Code::E503, [](NetworkSpec& n) {
          n.layers[1].type = "con2d";
        }).find("did you mean 'conv2d'") != std::string::npos);
  refusal(Code::E503, [](NetworkSpec& n) { n.layers[3].share = 1; });
  refusal(Code::E503, [](NetworkSpec& n) { n.layers[2].lateral.strength = -0.1; });
  CHECK(refusal(Code::E503, [](NetworkSpec& n) {
          n.layers[5].dynamics.type = "rate";
        }).find("layer 'conv2d' is conv2d, in a network with time") != std::string::npos);
  CHECK(refusal(Code::E503, [](NetworkSpec& n) {
          n.connections.push_back(testing::connection("input", "max-pool"));
        }).find("has 2 sources") != std::string::npos);
  CHECK(refusal(Code::E503, [](NetworkSpec& n) {
          n.layers.pop_back(), n.connections.pop_back();
        }).find("the output layer 'flatten' is flatten") != std::string::npos);
}
