// SPDX-License-Identifier: Apache-2.0
// Names to indices, order, and what a static network cannot be.
#include "network/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "network/settling.hpp"
#include "network/shapes.hpp"

namespace deltaw {
namespace {

using Names = std::map<std::string, std::size_t>;

Names index_layers(const NetworkSpec& spec) {
  Names names;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const std::string& name = spec.layers[i].name;
    if (name == k_one) {
      throw Error(Code::E503, "a layer cannot be called 'one'",
                  {.hint = "another name: 'one' is the constant source of the biases"});
    }
    if (!names.emplace(name, i).second) {
      throw Error(Code::E503, fmt::format("two layers are called '{}'", name));
    }
  }
  if (names.size() < 2) throw Error(Code::E503, "a network needs an input and an output layer");
  return names;
}

std::size_t find_layer(const Names& names, const std::string& name, const std::string& connection) {
  if (const auto found = names.find(name); found != names.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [known_name, index] : names) known.push_back(known_name);
  throw Error(Code::E510,
              fmt::format("connection '{}' names an unknown layer '{}'", connection, name),
              {.hint = suggest(name, known)});
}

std::string name_of(const ConnectionSpec& c) {
  return c.name.empty() ? c.from + ">" + c.to : c.name;
}

struct Edge {
  std::size_t from, to;
};

// Indices of the listed layers, sources first; of those that are ready, the first listed.
std::vector<std::size_t> order_layers(const NetworkSpec& spec, const std::vector<Edge>& edges) {
  std::vector<std::size_t> waiting(spec.layers.size(), 0), order;
  for (const Edge& e : edges) ++waiting[e.to];
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i] == 0) ready.insert(i);
  }
  while (!ready.empty()) {
    const std::size_t i = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(i);
    for (const Edge& e : edges) {
      if (e.from == i && --waiting[e.to] == 0) ready.insert(e.to);
    }
  }
  return order;
}

// A cycle among the layers that no order could place, as "a > b > a".
std::string describe_cycle(const NetworkSpec& spec, const std::vector<Edge>& edges,
                           const std::vector<std::size_t>& placed) {
  std::vector<bool> is_placed(spec.layers.size(), false);
  for (const std::size_t i : placed) is_placed[i] = true;
  std::size_t at = 0;
  while (is_placed[at]) ++at;
  // Every unplaced layer has an unplaced source: walk back until one is seen twice.
  std::vector<std::size_t> path;
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    const auto back = std::find_if(edges.begin(), edges.end(),
                                   [&](const Edge& e) { return e.to == at && !is_placed[e.from]; });
    at = back->from;
  }
  std::string text = spec.layers[at].name;
  for (std::size_t i = path.size(); i-- > 0;) {
    text += " > " + spec.layers[path[i]].name;
    if (path[i] == at) break;
  }
  return text;
}

// Layers that `edges` lead to from `start`, or from which they lead to it.
std::vector<bool> reach(std::size_t count, std::size_t start, const std::vector<Edge>& edges,
                        bool is_forward) {
  std::vector<bool> seen(count, false);
  std::vector<std::size_t> open = {start};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    for (const Edge& e : edges) {
      if ((is_forward ? e.from : e.to) == at) open.push_back(is_forward ? e.to : e.from);
    }
  }
  return seen;
}

void check_reach(const NetworkSpec& spec, const std::vector<Edge>& edges, std::size_t input) {
  const std::size_t count = spec.layers.size();
  const std::vector<bool> reached = reach(count, input, edges, true);
  const std::vector<bool> leading = reach(count, count - 1, edges, false);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& name = spec.layers[i].name;
    if (!reached[i]) {
      throw Error(Code::E512,
                  fmt::format("layer '{}' cannot be reached from the input '{}'", name,
                              spec.layers[input].name),
                  {.hint = "a connection into it"});
    }
    if (!leading[i]) {
      throw Error(
          Code::E512,
          fmt::format("layer '{}' does not lead to the output '{}'", name, spec.layers.back().name),
          {.hint = "a connection out of it; the output is the last layer in the list"});
    }
  }
}

void check_dynamics(const NetworkSpec& spec) {
  for (const LayerSpec& layer : spec.layers) {
    const std::string& type = layer.dynamics.type;
    if (type == "static" || type == "rate") continue;
    throw Error(Code::E503, fmt::format("layer '{}' has unknown dynamics '{}'", layer.name, type),
                {.hint = suggest(type, {"static", "rate"})});
  }
}

void check_lateral(const LayerSpec& layer, bool is_input) {
  if (!layer.lateral.exists()) return;
  const bool has_time = layer.dynamics.type != "static";
  if (!is_input && !has_time) return;
  throw Error(Code::E503,
              fmt::format("layer '{}' cannot have lateral connections: {}", layer.name,
                          has_time ? "it has time" : "it shows the data as it is"),
              {.hint = has_time ? "a connection from the layer to itself" : "leave them out"});
}

Graph::Way way_into(const LayerSpec& layer) {
  if (layer.type == "conv2d") return Graph::Way::convolution;
  if (layer.type == "max-pool") return Graph::Way::max_pool;
  if (layer.type == "flatten") return Graph::Way::flatten;
  if (layer.type == "normalise") return Graph::Way::normalise;
  if (is_gated(layer)) return Graph::Way::gated;
  return layer.type == "dropout" ? Graph::Way::dropout : Graph::Way::plain;
}

// Without its sequence.
GatedShape gated_shape_of(const LayerSpec& layer) {
  const auto kind = layer.type == "gru" ? GatedShape::Kind::gru : GatedShape::Kind::lstm;
  return {kind, layer.units};
}

// What the types of its two layers make of a connection that is not a bias.
void give_shape(Graph::Connection& c, const LayerSpec& source, const LayerSpec& target,
                bool is_from_input) {
  c.way = way_into(target);
  c.share = target.share;
  if (c.way == Graph::Way::convolution || c.way == Graph::Way::max_pool) {
    c.patches = patches_of(target, source, is_from_input);
  }
  if (is_weightless(target)) {
    c.is_plastic = false;
  } else if (c.way == Graph::Way::convolution) {
    c.outputs = target.filters;
    c.inputs = c.patches.size();
    c.positions = c.patches.positions();
  } else if (c.way == Graph::Way::gated) {
    c.outputs = gated_shape_of(target).weight_rows();
    c.inputs = c.is_recurrent ? target.units : source.units / target.steps;
    c.positions = target.steps;
  } else {
    c.outputs = target.units;
    c.inputs = source.units;
  }
}

// Of the bias of a layer: one a unit, one a filter, or four a unit with gates.
void give_shape(Graph::Connection& bias, const LayerSpec& target) {
  if (is_gated(target)) {
    bias.way = Graph::Way::gated;
    bias.outputs = gated_shape_of(target).step_rows();
    bias.inputs = 1;
    bias.positions = target.steps;
    return;
  }
  const bool is_conv = target.type == "conv2d";
  bias.outputs = is_conv ? target.filters : target.units;
  bias.inputs = 1;
  bias.positions = is_conv ? target.image.height * target.image.width : 1;
}

bool is_loop_in_time(const NetworkSpec& spec, const Edge& edge) {
  const LayerSpec& layer = spec.layers[edge.to];
  return edge.from == edge.to && (layer.dynamics.type == "rate" || is_gated(layer));
}

void check_gates(const Graph& graph) {
  for (const Graph::Layer& layer : graph.layers) {
    if (!layer.gated.exists() || layer.recurrent) continue;
    throw Error(Code::E503,
                fmt::format("layer '{}' has gates, and no connection to itself", layer.name),
                {.expected = fmt::format("one from '{}' to '{}'", layer.name, layer.name)});
  }
}

}  // namespace

bool Graph::has_time() const {
  return std::any_of(layers.begin(), layers.end(), [](const Layer& l) { return l.has_time(); });
}

std::size_t Graph::block() const {
  const bool is_large = std::any_of(layers.begin(), layers.end(), [](const Layer& l) {
    return (l.image.exists() && !l.is_input) || l.gated.exists();
  });
  return is_large ? 32 : 256;
}

void Graph::add_sources(std::vector<bool>& wanted) const {
  const bool is_any = std::ranges::find(wanted, true) != wanted.end();
  if (settling.exists() && is_any) std::fill(wanted.begin(), wanted.end(), true);
  for (std::size_t layer = layers.size(); layer-- > 0;) {
    if (!wanted[layer]) continue;
    for (const std::size_t c : layers[layer].incoming) wanted[connections[c].source] = true;
  }
}

Graph make_graph(const NetworkSpec& given) {
  const Names names = index_layers(given);
  NetworkSpec spec = given;
  check_dynamics(spec);
  std::vector<Edge> all, edges;
  for (const ConnectionSpec& c : spec.connections) {
    all.push_back({find_layer(names, c.from, name_of(c)), find_layer(names, c.to, name_of(c))});
    if (!is_loop_in_time(spec, all.back())) edges.push_back(all.back());
  }
  const std::vector<std::size_t> order = order_layers(spec, edges);
  if (order.size() < spec.layers.size()) {
    throw Error(
        Code::E511,
        fmt::format("the static network has a cycle: {}", describe_cycle(spec, edges, order)),
        {.hint = "leave out one of these connections; only a layer with rate dynamics or gates may "
                 "have one to itself"});
  }
  const std::size_t input = order.front();
  check_reach(spec, edges, input);
  derive_shapes(spec);
  if (spec.layers.back().type != "dense") {
    throw Error(Code::E503,
                fmt::format("the output layer '{}' is {}", spec.layers.back().name,
                            spec.layers.back().type),
                {.expected = "a dense layer with a unit for each class"});
  }

  Graph graph;
  std::vector<std::size_t> place(spec.layers.size());
  graph.dt = spec.dt;
  graph.settling = spec.settling;
  graph.layers.push_back({std::string(k_one), 1, {}, {}, {}, true, false, {}, {}});
  for (const std::size_t i : order) {
    const LayerSpec& layer = spec.layers[i];
    check_lateral(layer, i == input);
    place[i] = graph.layers.size();
    graph.layers.push_back({layer.name,
                            layer.units,
                            layer.activation,
                            layer.dynamics,
                            layer.lateral,
                            i == input,
                            i + 1 == spec.layers.size(),
                            {},
                            {},
                            layer.image,
                            is_weightless(layer)});
    if (layer.bias && i != input && !is_weightless(layer)) {
      graph.layers.back().incoming.push_back(graph.connections.size());
      graph.connections.push_back({layer.name + ".bias", 0, place[i], true, false,
                                   layer.bias_plastic, layer.bias_rate, layer.bias_init,
                                   layer.bias_constraint});
      give_shape(graph.connections.back(), layer);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ConnectionSpec& c = spec.connections[i];
    Graph::Layer& target = graph.layers[place[all[i].to]];
    const bool is_recurrent = all[i].from == all[i].to;
    if (is_recurrent && target.recurrent) {
      throw Error(Code::E503, fmt::format("layer '{}' has two connections to itself", target.name),
                  {.hint = "one: their weights add up anyway"});
    }
    if (is_recurrent) {
      target.recurrent = graph.connections.size();
    } else {
      target.incoming.push_back(graph.connections.size());
    }
    graph.connections.push_back({name_of(c), place[all[i].from], place[all[i].to], false,
                                 is_recurrent, c.plastic, c.rate, c.init, c.constraint, c.density});
    const auto layer_of = [&](const std::string& name) { return spec.layers[names.at(name)]; };
    give_shape(graph.connections.back(), layer_of(c.from), layer_of(c.to),
               names.at(c.from) == input);
    if (is_recurrent || graph.connections.back().way != Graph::Way::gated) continue;
    target.gated = gated_shape_of(layer_of(c.to));
    target.gated.sequence =
        sequence_of(layer_of(c.to), layer_of(c.from), names.at(c.from) == input);
  }
  check_gates(graph);
  check_settling(graph);
  std::set<std::string> seen;
  for (const Graph::Connection& c : graph.connections) {
    if (!seen.insert(c.name).second) {
      throw Error(Code::E503, fmt::format("two connections are called '{}'", c.name),
                  {.hint = "\"name\" on one of them"});
    }
  }
  graph.input = place[input];
  graph.output = place[spec.layers.size() - 1];
  return graph;
}

}  // namespace deltaw
