// SPDX-License-Identifier: Apache-2.0
// The smallest connection and the smallest network that any rule should take.
#include "rehearsal.hpp"

#include <nlohmann/json.hpp>

#include "network/graph.hpp"
#include "network/service.hpp"
#include "plugin/parameters.hpp"
#include "rule/instance.hpp"

namespace deltaw {
namespace {

constexpr std::size_t columns = 4;

NetworkSpec small_network() {
  NetworkSpec spec;
  spec.layers.resize(3);
  spec.layers[0].name = "input";
  spec.layers[1].name = "hidden";
  spec.layers[1].activation.type = "relu";
  spec.layers[2].name = "output";
  spec.layers[2].activation.type = "softmax";
  for (LayerSpec& layer : spec.layers) layer.units = 3;
  spec.connections.resize(2);
  spec.connections[0] = {.from = "input", .to = "hidden", .name = "input>hidden"};
  spec.connections[1] = {.from = "hidden", .to = "output", .name = "hidden>output"};
  return spec;
}

template <class T>
void prepare(InstanceSpec instance) {
  const Network<T> network(make_graph(small_network()));
  const Activity<T> activity(network.graph(), columns);
  const Loss<T> loss({}, network.activation(network.graph().output));
  const Buffer<T> target(3, columns);
  std::vector<std::size_t> driven;
  std::vector<ConnectionSize> sizes;
  for (std::size_t i = 0; i < network.graph().connections.size(); ++i) {
    driven.push_back(i);
    sizes.push_back({network.graph().connections[i].name, network.outputs(i), network.inputs(i)});
  }
  const NetworkService<T> service(network, activity, loss, target, driven);
  if (instance.rule->scope == Scope::local) {
    sizes = {{"input>hidden", 3, 3}};
  } else {
    instance.network = service.table();
  }
  RuleInstance(std::move(instance)).prepare(dtype_number<T>, columns, sizes);
}

}  // namespace

void rehearse(const Library& library, const RuleSpec& rule) {
  const auto defaults = resolve_parameters(rule, nullptr);
  InstanceSpec instance;
  instance.plugin = &library.table();
  instance.rule = &rule;
  instance.parameters = abi_parameters(defaults);
  instance.key = "rehearsal";
  if (rule.capabilities & DELTAW_CAP_F32) prepare<float>(instance);
  if (rule.capabilities & DELTAW_CAP_F64) prepare<double>(instance);
}

}  // namespace deltaw
