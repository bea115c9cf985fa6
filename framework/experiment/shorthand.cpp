// SPDX-License-Identifier: Apache-2.0
// Each function writes out the short forms of one kind of object in place.
#include "experiment/shorthand.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "experiment/layer_notation.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

void expand_type(json& object, const char* key) {
  if (object.contains(key) && object[key].is_string())
    object[key] = json::object({{"type", object[key]}});
}

void expand_optimizer(json& owner) {
  expand_type(owner, "optimizer");
  if (owner.contains("optimizer")) expand_type(owner["optimizer"], "schedule");
}

void expand_shadows(json& training) {
  if (!training.contains("alignment") || !training["alignment"].contains("shadows")) return;
  for (json& shadow : training["alignment"]["shadows"]) {
    if (shadow.is_string()) shadow = json::object({{"rule", shadow}});
    if (!shadow.contains("name")) shadow["name"] = shadow["rule"];
  }
}

void expand_training(json& owner) {
  if (!owner.contains("training")) return;
  expand_type(owner["training"], "loss");
  expand_type(owner["training"], "reward");
  expand_shadows(owner["training"]);
}

json chain(const json& layers) {
  json connections = json::array();
  for (std::size_t i = 1; i < layers.size(); ++i) {
    connections.push_back(
        json::object({{"from", layers[i - 1]["name"]}, {"to", layers[i]["name"]}}));
  }
  return connections;
}

// Units with gates read what they were before: the connection that this takes.
void close_loops(json& network) {
  json& connections = network["connections"];
  for (const json& layer : network["layers"]) {
    const std::string type = layer.value("type", "");
    if (type != "gru" && type != "lstm") continue;
    const json& name = layer["name"];
    const auto is_loop = [&](const json& c) {
      return c.value("from", json()) == name && c.value("to", json()) == name;
    };
    if (std::any_of(connections.begin(), connections.end(), is_loop)) continue;
    connections.push_back({{"from", name}, {"to", name}, {"init", "orthogonal"}});
  }
}

void expand_network(json& owner) {
  if (!owner.contains("network")) return;
  json& network = owner["network"];
  if (network.contains("layers")) {
    expand_layers(network["layers"]);
    for (json& layer : network["layers"]) {
      expand_type(layer, "activation");
      expand_type(layer, "dynamics");
      expand_type(layer, "source");
      if (layer.contains("lateral") && layer["lateral"].is_number()) {
        layer["lateral"] = json::object({{"strength", layer["lateral"]}});
      }
      if (!layer.contains("bias")) continue;
      if (layer["bias"] == true) layer["bias"] = json::object();
      if (layer["bias"].is_object()) expand_type(layer["bias"], "init");
    }
    if (!network.contains("connections")) network["connections"] = chain(network["layers"]);
    close_loops(network);
  }
  if (!network.contains("connections")) return;
  for (json& connection : network["connections"]) {
    expand_type(connection, "init");
    if (connection.contains("delay") && connection["delay"].is_number()) {
      connection["delay"] =
          json::object({{"low", connection["delay"]}, {"high", connection["delay"]}});
    }
    if (!connection.contains("name")) {
      connection["name"] =
          connection["from"].get<std::string>() + ">" + connection["to"].get<std::string>();
    }
  }
}

void expand_arm(json& arm) {
  if (arm.is_string()) arm = json::object({{"rule", arm}});
  if (!arm.contains("name") && arm.contains("rule")) arm["name"] = arm["rule"];
  expand_optimizer(arm);
  expand_training(arm);
  expand_network(arm);
  if (!arm.contains("drive")) return;
  for (json& drive : arm["drive"]) expand_optimizer(drive);
}

void expand_features(json& features) {
  if (!features.contains("readouts")) return;
  for (json& readout : features["readouts"]) {
    if (readout.is_string()) readout = json::object({{"type", readout}});
    if (!readout.contains("name")) readout["name"] = readout["type"];
    expand_optimizer(readout);
  }
}

}  // namespace

void expand_shorthand(json& document) {
  expand_type(document["task"], "trials");
  expand_type(document["task"], "protocol");
  expand_optimizer(document);
  expand_training(document);
  expand_network(document);
  for (json& arm : document["rules"]) expand_arm(arm);
  if (document.contains("features")) expand_features(document["features"]);
  if (document.contains("seeds") && document["seeds"].is_number()) {
    json list = json::array();
    for (std::uint64_t seed = 1; seed <= document["seeds"].get<std::uint64_t>(); ++seed) {
      list.push_back(seed);
    }
    document["seeds"] = std::move(list);
  }
}

}  // namespace deltaw::detail
