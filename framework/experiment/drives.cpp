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

// A connection, or a bias as one, and the indices of the drives that change it.
struct Driven {
  std::string name, to;
  bool plastic;
  std::vector<int> by = {};
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

class Assignment {
 public:
  Assignment(const Node& arm, const NetworkSpec& network, const std::vector<Drive>& drives)
      : arm_(arm), all_(connections_of(network)), drives_(drives) {
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

  // What "*" means: all that no other drive has in any of its epochs. REQUIRES: the names of all
  // drives are taken.
  void take_rest(int drive) {
    for (const int other : rests_) {
      if (meet(drive, other)) {
        arm_.fail(Code::E513, "has two drives of \"*\"", {.hint = "\"*\" in one of them"});
      }
    }
    rests_.push_back(drive);
    for (Driven& driven : all_) {
      const bool is_free = std::none_of(driven.by.begin(), driven.by.end(),
                                        [&](int other) { return meet(drive, other); });
      if (driven.plastic && is_free) driven.by.push_back(drive);
    }
  }

  void check_complete() const {
    for (const Driven& driven : all_) {
      if (!driven.plastic || !driven.by.empty()) continue;
      arm_.fail(Code::E513, fmt::format("has no rule for the plastic connection '{}'", driven.name),
                {.hint = "name it in \"drive\", or make it \"plastic\": false"});
    }
  }

  [[nodiscard]] std::vector<std::string> of(int drive) const {
    std::vector<std::string> names;
    for (const Driven& driven : all_) {
      if (is_driven(driven, drive)) names.push_back(driven.name);
    }
    return names;
  }

 private:
  [[nodiscard]] const Drive& at(int drive) const {
    return drives_[static_cast<std::size_t>(drive)];
  }
  [[nodiscard]] bool meet(int a, int b) const { return at(a).epochs.meets(at(b).epochs); }
  static bool is_driven(const Driven& driven, int by) {
    return std::find(driven.by.begin(), driven.by.end(), by) != driven.by.end();
  }

  void give(Driven& driven, int drive) const {
    if (is_driven(driven, drive)) return;
    for (const int other : driven.by) {
      if (!meet(drive, other)) continue;
      arm_.fail(Code::E513, fmt::format("has two rules for the connection '{}'", driven.name),
                {.found = fmt::format("/drive/{} ('{}') and /drive/{} ('{}')", other,
                                      at(other).rule, drive, at(drive).rule),
                 .hint = "name it in one of them, or in \"epochs\" of their own"});
    }
    driven.by.push_back(drive);
  }

  const Node& arm_;
  std::vector<Driven> all_;
  const std::vector<Drive>& drives_;
  std::vector<std::string> layers_;
  std::vector<int> rests_;
};

EpochRange read_epochs(const Node& drive, std::optional<std::size_t> training) {
  if (!drive.has("epochs")) return {};
  const Node node = drive["epochs"];
  if (!training) node.fail(Code::E502, "are of tasks with data", {.hint = "leave them out"});
  const auto ends = node.as<std::vector<std::size_t>>();
  if (ends[0] >= ends[1] || ends[1] > *training) {
    node.fail(
        Code::E503, "are none, or beyond those of the training",
        {.expected = fmt::format("[from, until], from below until, until at most {}", *training),
         .found = fmt::format("[{}, {}]", ends[0], ends[1])});
  }
  return {ends[0], ends[1]};
}

Drive read_drive(const Node& node, const Node& optimizer, std::optional<std::size_t> epochs) {
  Drive drive;
  drive.epochs = read_epochs(node, epochs);
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

std::vector<Drive> read_drives(const Node& arm, const NetworkSpec& network, const Node& optimizer,
                               std::optional<std::size_t> epochs, std::optional<double> rate) {
  check_form(arm);
  const bool is_alone = !arm.has("drive");
  const std::vector<Node> nodes = is_alone ? std::vector<Node>{arm} : arm["drive"].items();
  std::vector<Drive> drives;
  for (const Node& node : nodes) {
    const bool has_own = !is_alone && node.has("optimizer");
    json own = has_own ? merged(optimizer.json(), node["optimizer"].json()) : optimizer.json();
    if (rate && !own.contains("rate")) own["rate"] = *rate;
    const Node& place = has_own ? node["optimizer"] : optimizer;
    drives.push_back(read_drive(node, place.with(own), epochs));
  }

  Assignment assignment(arm, network, drives);
  std::vector<int> rests;
  if (is_alone) rests.push_back(0);
  for (int i = 0; !is_alone && i < static_cast<int>(nodes.size()); ++i) {
    bool has_rest = false;
    for (const Node& name : nodes[static_cast<std::size_t>(i)]["connections"].items()) {
      if (name.json() == "*") {
        has_rest = true;
      } else {
        assignment.take(name, i);
      }
    }
    if (has_rest) rests.push_back(i);
  }
  for (const int rest : rests) assignment.take_rest(rest);
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

std::vector<std::string> read_connections(const Node& owner, const NetworkSpec& network) {
  const std::vector<Drive> alone(1);
  Assignment assignment(owner, network, alone);
  bool is_all = !owner.has("connections");
  if (!is_all) {
    for (const Node& name : owner["connections"].items()) {
      if (name.json() == "*") {
        is_all = true;
      } else {
        assignment.take(name, 0);
      }
    }
  }
  if (is_all) assignment.take_rest(0);
  return assignment.of(0);
}

}  // namespace deltaw::detail
