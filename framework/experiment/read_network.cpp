// SPDX-License-Identifier: Apache-2.0
// Layers and connections.
#include <algorithm>
#include <cmath>

#include "experiment/read_specs.hpp"
#include "network/lateral.hpp"
#include "network/shapes.hpp"

namespace deltaw::detail {

InitSpec read_init(const Node& node) {
  static const std::vector<KeysOfType> table = {
      {"glorot-uniform", {}, {}},
      {"glorot-normal", {}, {}},
      {"he-uniform", {}, {}},
      {"he-normal", {}, {}},
      {"normal", {}, {"mean", "deviation"}},
      {"abs-normal", {}, {"mean", "deviation"}},
      {"uniform", {"low", "high"}, {}},
      {"select", {"units"}, {}},
      {"excitatory-inhibitory", {"excitatory", "each", "values"}, {"others"}},
      {"zeros", {}, {}},
      {"orthogonal", {}, {}},
      {"forget-gates", {}, {}},
      {"constant", {"value"}, {}},
      {"balance", {}, {}}};
  check_keys(node, table, {"silent"});
  InitSpec spec;
  node.read("type", spec.type);
  node.read("units", spec.units);
  node.read("silent", spec.silent);
  node.read("mean", spec.mean);
  node.read("deviation", spec.deviation);
  node.read("low", spec.low);
  node.read("high", spec.high);
  node.read("value", spec.value);
  node.read("excitatory", spec.excitatory);
  node.read("each", spec.each);
  node.read("values", spec.values);
  node.read("others", spec.others);
  if (spec.values[0] < 0 || spec.values[1] > 0) {
    node["values"].fail(Code::E503, "do not excite, then inhibit",
                        {.expected = "[0 or above, 0 or below]",
                         .found = fmt::format("[{}, {}]", spec.values[0], spec.values[1])});
  }
  if (spec.type == "uniform" && spec.low >= spec.high) {
    node.fail(Code::E503, "has an empty range",
              {.expected = "low < high", .found = fmt::format("{} .. {}", spec.low, spec.high)});
  }
  return spec;
}

namespace {

ConstraintSpec read_constraint(const Node& node) {
  ConstraintSpec spec;
  node.read("sign", spec.sign);
  node.read("by", spec.by);
  if (node.has("excitatory") != (spec.sign == "dale")) {
    node.fail(Code::E503,
              spec.sign == "dale" ? "does not say how many sources excite"
                                  : "names excitatory sources without Dale's law",
              {.expected = R"("sign": "dale" together with "excitatory")"});
  }
  node.read("excitatory", spec.excitatory);
  node.read("norm", spec.norm);
  node.read("column_sum", spec.column_sum);
  if (!node.has("bounds")) return spec;
  const auto bounds = node["bounds"].as<std::vector<double>>();
  spec.has_bounds = true;
  spec.low = bounds[0];
  spec.high = bounds[1];
  const std::string found = fmt::format("[{}, {}]", spec.low, spec.high);
  if (spec.low > spec.high) {
    node["bounds"].fail(Code::E503, "leaves no weight",
                        {.expected = "[low, high]", .found = found});
  }
  const bool is_dale = spec.sign == "dale";
  const bool contradicts_sign = ((spec.sign == "nonnegative" || is_dale) && spec.high < 0) ||
                                ((spec.sign == "nonpositive" || is_dale) && spec.low > 0);
  if (contradicts_sign) {
    node["bounds"].fail(Code::E503, fmt::format("contradicts the sign '{}'", spec.sign),
                        {.found = found});
  }
  return spec;
}

ActivationSpec read_activation(const Node& node) {
  static const std::vector<KeysOfType> table = {{"linear", {}, {}},
                                                {"relu", {}, {}},
                                                {"sigmoid", {}, {}},
                                                {"tanh", {}, {}},
                                                {"softmax", {}, {}},
                                                {"threshold", {}, {"threshold", "passes"}},
                                                {"clipped-linear", {"maximum"}, {"offset"}}};
  check_keys(node, table);
  ActivationSpec spec;
  node.read("type", spec.type);
  node.read("threshold", spec.threshold);
  node.read("passes", spec.passes);
  node.read("offset", spec.offset);
  node.read("maximum", spec.maximum);
  return spec;
}

DynamicsSpec read_dynamics(const Node& node, std::size_t units) {
  if (node["type"].json() == "spiking") {
    node.fail(Code::E503, "spike, in a network in which others do not",
              {.hint = "a \"source\" or \"dynamics\": \"spiking\" for every layer"});
  }
  check_keys(node, {{"static", {}, {}}, {"rate", {}, {"tau", "integrator", "initial", "clamped"}}});
  DynamicsSpec spec;
  node.read("type", spec.type);
  node.read("tau", spec.tau);
  node.read("integrator", spec.integrator);
  node.read("initial", spec.initial);
  if (!node.has("clamped")) return spec;
  for (const Node& pair : node["clamped"].items()) {
    const auto numbers = pair.as<std::vector<double>>();
    if (!(numbers[0] >= 0 && numbers[0] < static_cast<double>(units)) ||
        numbers[0] != std::floor(numbers[0])) {
      pair.fail(Code::E503, "does not begin with the number of a unit",
                {.expected = fmt::format("[unit, x], unit 0 to {}", units - 1),
                 .found = pair.json().dump()});
    }
    spec.clamped.emplace_back(static_cast<std::size_t>(numbers[0]), numbers[1]);
  }
  return spec;
}

LateralSpec read_lateral(const Node& node, std::size_t units) {
  if (node.has("strength") == node.has("weights")) {
    node.fail(Code::E503, "need one of \"strength\" and \"weights\"");
  }
  LateralSpec spec;
  node.read("strength", spec.strength);
  node.read("weights", spec.weights);
  try {
    check_lateral(spec, units);
  } catch (const Error& error) {
    node.fail(error.code(), "cannot be: " + error.headline(), error.detail());
  }
  return spec;
}

LayerSpec read_layer(const Node& node, bool is_input) {
  LayerSpec spec;
  node.read("name", spec.name);
  read_layer_type(node, is_input, spec);
  spec.bias = !is_input;
  if (is_input && node.has("activation") && node["activation"]["type"].json() != "linear") {
    node["activation"].fail(Code::E503, "belongs to the input layer, which shows the data as it is",
                            {.hint = "leave it out"});
  }
  if (node.has("activation")) spec.activation = read_activation(node["activation"]);
  if (node.has("dynamics")) spec.dynamics = read_dynamics(node["dynamics"], spec.units);
  if (is_input && spec.dynamics.type != "static") {
    node["dynamics"].fail(Code::E503, "belong to the input layer, which shows the task as it is",
                          {.hint = "leave them out"});
  }
  if (node.has("lateral")) {
    if (is_input || spec.dynamics.type != "static") {
      node["lateral"].fail(
          Code::E503,
          is_input ? "belongs to the input layer, which shows the data as it is"
                   : "belongs to a layer that moves in time",
          {.hint = is_input ? "leave it out" : "a connection from the layer to itself"});
    }
    spec.lateral = read_lateral(node["lateral"], spec.units);
  }
  if (spec.type == "lstm") spec.bias_init.type = "forget-gates";
  if (!node.has("bias")) return spec;
  const Node bias = node["bias"];
  spec.bias = bias.json() != false;
  if (is_input && spec.bias) {
    bias.fail(Code::E503, "belongs to the input layer, which shows the data as it is",
              {.hint = "leave it out"});
  }
  if (bias.has("init")) spec.bias_init = read_init(bias["init"]);
  if (bias.has("constraint")) spec.bias_constraint = read_constraint(bias["constraint"]);
  bias.read("plastic", spec.bias_plastic);
  bias.read("rate", spec.bias_rate);
  return spec;
}

ConnectionSpec read_connection(const Node& node) {
  for (const char* key : {"receptor", "pattern", "delay", "sum"}) {
    if (!node.has(key)) continue;
    node[key].fail(Code::E502, "is of layers that spike", {.hint = "leave it out"});
  }
  ConnectionSpec spec;
  node.read("from", spec.from);
  node.read("to", spec.to);
  node.read("name", spec.name);
  if (node.has("init")) spec.init = read_init(node["init"]);
  if (node.has("constraint")) spec.constraint = read_constraint(node["constraint"]);
  node.read("plastic", spec.plastic);
  node.read("rate", spec.rate);
  node.read("density", spec.density);
  return spec;
}

// Nothing can be set about weights that are not there.
void forgo_weights(const Node& node, ConnectionSpec& connection) {
  for (const char* key : {"init", "constraint", "plastic", "rate", "density"}) {
    if (!node.has(key) || node[key].json() == false) continue;
    node[key].fail(Code::E502, fmt::format("is of weights, and none lead into '{}'", connection.to),
                   {.hint = "leave it out"});
  }
  connection.plastic = false;
}

}  // namespace

NetworkSpec read_network(const Node& layers, const Node& connections) {
  NetworkSpec network;
  for (const Node& node : connections.items()) network.connections.push_back(read_connection(node));
  bool has_input = false;
  for (const Node& node : layers.items()) {
    const auto name = node["name"].as<std::string>();
    const bool has_source =
        std::any_of(network.connections.begin(), network.connections.end(),
                    [&](const ConnectionSpec& c) { return c.to == name && c.from != name; });
    const bool is_input = !has_input && !has_source;
    has_input = has_input || is_input;
    network.layers.push_back(read_layer(node, is_input));
    if (!is_weightless(network.layers.back())) continue;
    network.layers.back().bias = false;
    for (std::size_t i = 0; i < network.connections.size(); ++i) {
      if (network.connections[i].to != name) continue;
      forgo_weights(connections.items()[i], network.connections[i]);
    }
  }
  return network;
}

SettlingSpec read_settling(const Node& node) {
  SettlingSpec spec;
  node.read("free_steps", spec.free_steps);
  node.read("nudged_steps", spec.nudged_steps);
  node.read("step", spec.step);
  return spec;
}

ConstraintSpec read_bounds(const Node& node) {
  for (const auto& [key, unused] : node.json().items()) {
    if (key == "bounds") continue;
    node[key].fail(Code::E502, "is of layers that do not spike", {.hint = "\"bounds\": [0, 1]"});
  }
  return read_constraint(node);
}

void check_file_name(const Node& node) {
  const auto name = node.as<std::string>();
  const auto is_safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (name.front() != '.' && std::all_of(name.begin(), name.end(), is_safe)) return;
  node.fail(Code::E503, "cannot be the name of a file",
            {.expected = "letters, digits, '.', '_' and '-', not starting with '.'",
             .found = fmt::format("'{}'", name)});
}

}  // namespace deltaw::detail
