// SPDX-License-Identifier: Apache-2.0
// Names of connections and layers are resolved first, then "*" takes what is left.
#include "experiment/drives.hpp"

#include <algorithm>
#include <limits>

#include "core/nearest.hpp"
#include "experiment/merge.hpp"
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

using nlohmann::json;

// A connection, or a bias as one, and the index of the drive that changes it.
struct Driven {
  std::string name, to;
  bool plastic;
  int by = -1;
};

std::vector<Driven> connections_of(const NetworkSpec& network) {
  std::vector<Driven> all;
  for (const ConnectionSpec& connection : network.connections) {
    all.push_back({connection.name, connection.to, connection.plastic});
  }
  for (const LayerSpec& layer : network.layers) {
    if (layer.bias) all.push_back({layer.name + ".bias", layer.name, layer.bias_plastic});
  }
  return all;
}

RuleParameters read_parameters(const Node& owner) {
  RuleParameters parameters;
  if (!owner.has("parameters")) return parameters;
  const Node node = owner["parameters"];
  for (const auto& [name, value] : node.json().items()) {
    if (value.is_boolean()) {
      parameters[name] = value.get<bool>();
    } else if (value.is_string()) {
      parameters[name] = value.get<std::string>();
    } else if (value.is_number_float()) {
      parameters[name] = value.get<double>();
    } else if (value.is_number_unsigned() &&
               value.get<std::uint64_t>() >
                   std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      node[name].fail(Code::E503, "is too large for an integer", {.found = value.dump()});
    } else {
      parameters[name] = value.get<std::int64_t>();
    }
  }
  return parameters;
}

class Assignment {
 public:
  Assignment(const Node& arm, const NetworkSpec& network, std::vector<std::string> rules)
      : arm_(arm), all_(connections_of(network)), rules_(std::move(rules)) {
    for (const LayerSpec& layer : network.layers) layers_.push_back(layer.name);
  }

  // All that `name` means but "*".
  void take(const Node& name_node, int drive) {
    const auto name = name_node.as<std::string>();
    const auto exact =
        std::find_if(all_.begin(), all_.end(), [&](const Driven& d) { return d.name == name; });
    if (exact != all_.end()) {
      if (!exact->plastic) {
        name_node.fail(Code::E503, fmt::format("names '{}', which is not plastic", name),
                       {.hint = "leave it out"});
      }
      return give(*exact, drive);
    }
    if (std::find(layers_.begin(), layers_.end(), name) == layers_.end()) {
      std::vector<std::string> known = layers_;
      for (const Driven& driven : all_) known.push_back(driven.name);
      name_node.fail(Code::E510, fmt::format("names no connection or layer: '{}'", name),
                     {.hint = suggest(name, known)});
    }
    for (Driven& driven : all_) {
      if (driven.to == name && driven.plastic) give(driven, drive);
    }
  }

  void take_rest(int drive) {
    for (Driven& driven : all_) {
      if (driven.plastic && driven.by < 0) driven.by = drive;
    }
  }

  void check_complete() const {
    for (const Driven& driven : all_) {
      if (!driven.plastic || driven.by >= 0) continue;
      arm_.fail(Code::E513, fmt::format("has no rule for the plastic connection '{}'", driven.name),
                {.hint = "name it in \"drive\", or make it \"plastic\": false"});
    }
  }

  [[nodiscard]] std::vector<std::string> of(int drive) const {
    std::vector<std::string> names;
    for (const Driven& driven : all_) {
      if (driven.by == drive) names.push_back(driven.name);
    }
    return names;
  }

 private:
  void give(Driven& driven, int drive) const {
    if (driven.by >= 0 && driven.by != drive) {
      arm_.fail(Code::E513, fmt::format("has two rules for the connection '{}'", driven.name),
                {.found = fmt::format("/drive/{} ('{}') and /drive/{} ('{}')", driven.by,
                                      rules_[static_cast<std::size_t>(driven.by)], drive,
                                      rules_[static_cast<std::size_t>(drive)]),
                 .hint = "name it in one of them"});
    }
    driven.by = drive;
  }

  const Node& arm_;
  std::vector<Driven> all_;
  std::vector<std::string> layers_, rules_;
};

Drive read_drive(const Node& node, const Node& optimizer) {
  Drive drive;
  node.read("rule", drive.rule);
  drive.parameters = read_parameters(node);
  drive.optimizer = read_optimizer(optimizer);
  return drive;
}

void check_form(const Node& arm) {
  if (!arm.has("drive")) {
    if (arm.has("rule")) return;
    arm.fail(Code::E503, "has neither \"rule\" nor \"drive\"",
             {.hint = "\"rule\": the id of one; `deltaw rules` lists them"});
  }
  for (const char* key : {"rule", "parameters"}) {
    if (!arm.has(key)) continue;
    arm.fail(Code::E503, fmt::format("has both \"{}\" and \"drive\"", key),
             {.hint = fmt::format("move \"{}\" into an entry of \"drive\"", key)});
  }
}

}  // namespace

std::vector<Drive> read_drives(const Node& arm, const NetworkSpec& network, const Node& optimizer) {
  check_form(arm);
  std::vector<Drive> drives;
  std::vector<Node> nodes;
  if (arm.has("drive")) {
    nodes = arm["drive"].items();
  } else {
    nodes.push_back(arm);
  }
  std::vector<std::string> rules;
  for (const Node& node : nodes) rules.push_back(node["rule"].as<std::string>());

  Assignment assignment(arm, network, rules);
  int rest = arm.has("drive") ? -1 : 0;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    const Node& node = nodes[static_cast<std::size_t>(i)];
    const bool has_own = arm.has("drive") && node.has("optimizer");
    const json own = has_own ? merged(optimizer.json(), node["optimizer"].json()) : json();
    drives.push_back(read_drive(node, has_own ? node["optimizer"].with(own) : optimizer));
    if (!arm.has("drive")) continue;
    for (const Node& name : node["connections"].items()) {
      if (name.json() != "*") {
        assignment.take(name, i);
      } else if (rest >= 0 && rest != i) {
        arm.fail(Code::E513, "has two drives of \"*\"", {.hint = "\"*\" in one of them"});
      } else {
        rest = i;
      }
    }
  }
  if (rest >= 0) assignment.take_rest(rest);
  assignment.check_complete();
  for (int i = 0; i < static_cast<int>(drives.size()); ++i) {
    Drive& drive = drives[static_cast<std::size_t>(i)];
    drive.connections = assignment.of(i);
    if (drive.connections.empty()) {
      nodes[static_cast<std::size_t>(i)].fail(Code::E503, "drives no plastic connection");
    }
  }
  return drives;
}

}  // namespace deltaw::detail
