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

// A rule of network scope may rightly refuse this network when it is prepared (it may want layers
// of certain names), so it is only made.
void make_for_network(InstanceSpec instance) {
  const Network<float> network(make_graph(small_network()));
  const Activity<float> activity(network.graph(), columns);
  const Loss<float> loss({}, network.activation(network.graph().output));
  const Buffer<float> target(3, columns);
  const Window counted{0, columns};
  const NetworkService<float> service(network, activity, loss, target, counted, {0, 1});
  instance.network = service.table();
  const RuleInstance made(std::move(instance));
}

}  // namespace

void rehearse(const Library& library, const RuleSpec& rule) {
  const auto defaults = resolve_parameters(rule, nullptr);
  InstanceSpec instance;
  instance.plugin = &library.table();
  instance.rule = &rule;
  instance.parameters = abi_parameters(defaults);
  instance.key = "rehearsal";
  if (rule.scope == Scope::network) return make_for_network(std::move(instance));
  for (const std::uint32_t dtype : {DELTAW_F32, DELTAW_F64}) {
    const std::uint64_t needed = dtype == DELTAW_F32 ? DELTAW_CAP_F32 : DELTAW_CAP_F64;
    if ((rule.capabilities & needed) == 0u) continue;
    RuleInstance(instance).prepare(dtype, columns, {{"connection", 3, 3}});
  }
}

}  // namespace deltaw
