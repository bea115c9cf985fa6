// SPDX-License-Identifier: Apache-2.0
// Names first, then the graph: depth-first search finds cycles and what can be reached.
#include "experiment/network_checks.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/nearest.hpp"
#include "experiment/read_specs.hpp"
#include "network/shapes.hpp"

namespace deltaw::detail {
namespace {

using Graph = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> layer_names(const NetworkSpec& network) {
  std::vector<std::string> names;
  for (const LayerSpec& layer : network.layers) names.push_back(layer.name);
  return names;
}

// Connections are files of weights, and '>' and ".bias" have their meaning in them.
void check_connection_name(const Node& node) {
  const auto name = node.as<std::string>();
  if (name.find_first_of("/\\*\"'") == std::string::npos && name.front() != '.' &&
      std::none_of(name.begin(), name.end(), [](char c) { return c >= 0 && c <= ' '; })) {
    return;
  }
  node.fail(Code::E503, "cannot be the name of a connection",
            {.expected = "no space, quote, '/', '\\' or '*', not starting with '.'",
             .found = fmt::format("'{}'", name)});
}

void check_names(const NetworkSpec& network, const Node& layers, const Node& connections) {
  std::set<std::string> taken;
  const auto take = [&](const Node& node, const std::string& name, const char* hint) {
    if (taken.insert(name).second) return;
    node.fail(Code::E503, fmt::format("has the name '{}', which is taken", name), {.hint = hint});
  };
  const auto layer_nodes = layers.items();
  for (std::size_t i = 0; i < layer_nodes.size(); ++i) {
    check_file_name(layer_nodes[i]["name"]);
    take(layer_nodes[i], network.layers[i].name, "names of layers and connections are unique");
    if (network.layers[i].bias) taken.insert(network.layers[i].name + ".bias");
  }
  const auto known = layer_names(network);
  const auto connection_nodes = connections.items();
  for (std::size_t i = 0; i < connection_nodes.size(); ++i) {
    for (const char* end : {"from", "to"}) {
      const auto name = connection_nodes[i][end].as<std::string>();
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      connection_nodes[i][end].fail(Code::E510, fmt::format("names no layer: '{}'", name),
                                    {.hint = suggest(name, known)});
    }
    check_connection_name(connection_nodes[i]["name"]);
    take(connection_nodes[i], network.connections[i].name,
         "a second connection between two layers needs a \"name\" of its own");
  }
}

// The layers of a cycle, the first one repeated at the end; empty when there is none.
class CycleSearch {
 public:
  explicit CycleSearch(const Graph& graph) : graph_(graph) {}

  std::vector<std::string> from(const std::string& layer) {
    const auto on_path = std::find(path_.begin(), path_.end(), layer);
    if (on_path != path_.end()) {
      std::vector<std::string> cycle(on_path, path_.end());
      cycle.push_back(layer);
      return cycle;
    }
    if (!seen_.insert(layer).second) return {};
    path_.push_back(layer);
    if (graph_.contains(layer)) {
      for (const std::string& next : graph_.at(layer)) {
        if (auto cycle = from(next); !cycle.empty()) return cycle;
      }
    }
    path_.pop_back();
    return {};
  }

 private:
  const Graph& graph_;
  std::set<std::string> seen_;
  std::vector<std::string> path_;
};

std::set<std::string> reached(const Graph& graph, const std::string& start) {
  std::set<std::string> seen = {start};
  std::vector<std::string> open = {start};
  while (!open.empty()) {
    const std::string layer = open.back();
    open.pop_back();
    if (!graph.contains(layer)) continue;
    for (const std::string& next : graph.at(layer)) {
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return seen;
}

void check_graph(const NetworkSpec& network, const Node& layers, const Node& connections) {
  Graph forward, backward;
  std::set<std::string> in_time;
  for (const LayerSpec& layer : network.layers) {
    if (layer.dynamics.type != "static" || is_gated(layer)) in_time.insert(layer.name);
  }
  for (const ConnectionSpec& connection : network.connections) {
    if (connection.from == connection.to && in_time.contains(connection.to)) continue;
    forward[connection.from].push_back(connection.to);
    backward[connection.to].push_back(connection.from);
  }
  CycleSearch search(forward);
  for (const LayerSpec& layer : network.layers) {
    const auto cycle = search.from(layer.name);
    if (cycle.empty()) continue;
    connections.fail(
        Code::E511, "make a cycle, but static dynamics allow none",
        {.found = fmt::format("{}", fmt::join(cycle, " > ")),
         .hint = "remove one of these connections; only a layer with dynamics or gates may have "
                 "one, to itself"});
  }
  const auto input =
      std::find_if(network.layers.begin(), network.layers.end(),
                   [&](const LayerSpec& layer) { return !backward.contains(layer.name); });
  const auto from_input = reached(forward, input->name);
  const auto to_output = reached(backward, network.layers.back().name);
  const auto nodes = layers.items();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string& name = network.layers[i].name;
    if (!from_input.contains(name)) {
      nodes[i].fail(
          Code::E512,
          fmt::format("('{}') cannot be reached from the input layer '{}'", name, input->name),
          {.hint = fmt::format("add a connection to '{}'", name)});
    }
    if (!to_output.contains(name)) {
      nodes[i].fail(Code::E512,
                    fmt::format("('{}') does not lead to the output layer '{}'", name,
                                network.layers.back().name),
                    {.hint = "the output is the last layer in the list"});
    }
  }
}

// Outputs and inputs of a connection.
std::pair<double, double> size_of(const LayerSpec& from, const LayerSpec& to) {
  const auto number = [](std::size_t n) { return static_cast<double>(n); };
  const double all = number(from.units), units = number(to.units);
  if (to.type == "conv2d") {
    return {number(to.filters), number(to.side) * number(to.side) * number(from.image.channels)};
  }
  if (!is_gated(to)) return {units, all};
  return {4 * units, from.name == to.name ? units : all / number(to.steps)};
}

// What no machine that runs this has memory for; more is a slip of the pen.
void check_size(const NetworkSpec& network, const Node& layers) {
  constexpr double most = 1 << 30;
  std::map<std::string, const LayerSpec*> named;
  for (const LayerSpec& layer : network.layers) named[layer.name] = &layer;
  double weights = 0;
  for (const ConnectionSpec& c : network.connections) {
    const LayerSpec &from = *named.at(c.from), &to = *named.at(c.to);
    if (is_weightless(to)) continue;
    const auto [outputs, inputs] = size_of(from, to);
    weights += outputs * inputs;
  }
  if (weights <= most) return;
  layers.fail(
      Code::E503, "have too many units",
      {.expected = fmt::format("at most {} weights", most), .found = fmt::format("{}", weights)});
}

void check_excitatory(const Node& node, std::size_t sources) {
  if (!node.has("excitatory") || node["excitatory"].as<std::size_t>() <= sources) return;
  node["excitatory"].fail(Code::E503, "counts more units than there are sources",
                          {.expected = fmt::format("at most {}", sources),
                           .found = fmt::format("{}", node["excitatory"].as<std::size_t>())});
}

void check_classes(const Node& init, std::size_t sources, double density) {
  if (init["type"].json() != "excitatory-inhibitory") return;
  check_excitatory(init, sources);
  if (density < 1) {
    init.fail(Code::E503, "draws the synapses that exist, and so does the density",
              {.hint = "leave out \"density\", or use another initialiser"});
  }
  const auto excitatory = init["excitatory"].as<std::size_t>();
  const auto each = init["each"].as<std::array<std::size_t, 2>>();
  if (each[0] <= excitatory && each[1] <= sources - excitatory) return;
  init["each"].fail(Code::E503, "draws more sources than there are",
                    {.expected = fmt::format("at most [{}, {}]", excitatory, sources - excitatory),
                     .found = fmt::format("[{}, {}]", each[0], each[1])});
}

void check_sources(const Node& owner, std::size_t sources, double density) {
  if (owner.has("init")) check_classes(owner["init"], sources, density);
  if (owner.has("constraint")) check_excitatory(owner["constraint"], sources);
}

// What the sources of each connection must be enough for.
void check_dale(const NetworkSpec& network, const Node& layers, const Node& connections) {
  std::map<std::string, std::size_t> units;
  for (const LayerSpec& layer : network.layers) units[layer.name] = layer.units;
  for (const Node& layer : layers.items()) {
    if (layer.has("bias") && layer["bias"].json().is_object()) check_sources(layer["bias"], 1, 1);
  }
  const auto nodes = connections.items();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    check_sources(nodes[i], units[network.connections[i].from], network.connections[i].density);
  }
}

void check_shapes(NetworkSpec& network, const Node& layers) {
  try {
    derive_shapes(network);
  } catch (const Error& error) {
    layers.fail(error.code(), "cannot be: " + error.headline(), error.detail());
  }
  if (network.layers.back().type == "dense") return;
  layers.fail(
      Code::E503,
      fmt::format("end with '{}', which has no units for the classes", network.layers.back().name),
      {.expected = "a dense layer", .found = network.layers.back().type});
}

}  // namespace

void check_network(NetworkSpec& network, const Node& layers, const Node& connections) {
  check_names(network, layers, connections);
  check_graph(network, layers, connections);
  check_shapes(network, layers);
  check_size(network, layers);
  check_dale(network, layers, connections);
  const auto nodes = layers.items();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (network.layers[i].activation.type != "softmax") continue;
    const bool is_output = i + 1 == nodes.size();
    if (is_output && network.layers[i].dynamics.type == "static") continue;
    nodes[i]["activation"].fail(Code::E503,
                                is_output ? "is softmax, which units with time cannot have"
                                          : "is softmax, which only the output layer can have",
                                {.hint = "relu, sigmoid or tanh"});
  }
}

}  // namespace deltaw::detail
