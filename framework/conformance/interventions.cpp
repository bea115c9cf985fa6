// SPDX-License-Identifier: Apache-2.0
// Every unit, every synapse, every scalar, one at a time.
#include "conformance/interventions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/network_probe.hpp"

namespace deltaw {
namespace {

constexpr std::array k_local = {Locality::synapse, Locality::neuron, Locality::layer};
constexpr std::array k_broadcast = {Locality::modulator, Locality::modulator, Locality::modulator};

// Of `count` units or synapses those that are changed: the first and others evenly after it.
std::vector<std::size_t> changed_of(std::size_t count, const Scene& scene) {
  const std::size_t most = scene.most == 0 ? count : std::min(scene.most, count);
  std::vector<std::size_t> changed;
  for (std::size_t k = 0; k < most; ++k) changed.push_back(k * count / most);
  return changed;
}

// Of signal `s`; entry (i, j) of ΔW stands at i + outputs j.
void add_of_signal(std::uint32_t s, const Scene& scene, std::vector<Intervention>& out) {
  const std::string name(signal_name(s));
  const std::size_t outputs = scene.outputs, inputs = scene.inputs;
  switch (belongs_to(s)) {
    case Belongs::all:
      out.push_back({name, [s](Stimulus& a, const Stimulus& b) { take_all(a, b, s); },
                     [](std::size_t) { return Reach::own; }, k_broadcast});
      return;
    case Belongs::source:
      for (const std::size_t j : changed_of(inputs, scene)) {
        out.push_back(
            {name, [s, j](Stimulus& a, const Stimulus& b) { take_row(a, b, s, j); },
             [j, outputs](std::size_t e) { return e / outputs == j ? Reach::own : Reach::row; },
             k_local});
      }
      return;
    case Belongs::target:
      for (const std::size_t i : changed_of(outputs, scene)) {
        out.push_back({name, [s, i](Stimulus& a, const Stimulus& b) { take_row(a, b, s, i); },
                       [i, outputs](std::size_t e) {
                         return e % outputs == i ? Reach::own : Reach::elsewhere;
                       },
                       k_local});
      }
      return;
    case Belongs::synapse:
      for (const std::size_t n : changed_of(outputs * inputs, scene)) {
        const std::size_t i = n % outputs, j = n / outputs;
        out.push_back({name,
                       [s, i, j](Stimulus& a, const Stimulus& b) { take_entry(a, b, s, i, j); },
                       [n, i, outputs](std::size_t e) {
                         if (e == n) return Reach::own;
                         return e % outputs == i ? Reach::row : Reach::elsewhere;
                       },
                       k_local});
      }
  }
}

std::vector<Intervention> in_network(const RuleSpec& rule, const Scene& scene) {
  const Graph graph = probed_graph(rule, scene);
  const std::size_t layers = graph.layers.size();
  std::vector<std::size_t> begins = {0};  // of each connection's entries
  for (const Graph::Connection& c : graph.connections) {
    begins.push_back(begins.back() + graph.layers[c.source].units * graph.layers[c.target].units);
  }
  // What belongs to a layer belongs to its connections; all else is elsewhere in the network.
  const auto add = [&](const std::string& changed, std::size_t part, const auto& is_own,
                       std::vector<Intervention>& out) {
    std::vector<bool> own(graph.connections.size());
    for (std::size_t c = 0; c < own.size(); ++c) own[c] = is_own(c);
    out.push_back({changed,
                   [part](Stimulus& a, const Stimulus& b) { take_all(a, b, part); },
                   [own, begins](std::size_t entry) {
                     std::size_t c = 0;
                     while (entry >= begins[c + 1]) ++c;
                     return own[c] ? Reach::own : Reach::elsewhere;
                   },
                   {Locality::layer, Locality::layer, Locality::network}});
  };
  std::vector<Intervention> out;
  for (std::size_t l = 0; l < layers; ++l) {
    const auto is_beside = [&](std::size_t c) {
      return graph.connections[c].source == l || graph.connections[c].target == l;
    };
    add("activity of a layer", l, is_beside, out);
  }
  for (std::size_t c = 0; c < graph.connections.size(); ++c) {
    add(
        "weights of a connection", layers + c, [c](std::size_t other) { return other == c; }, out);
  }
  const auto is_last = [&](std::size_t c) { return graph.connections[c].target == graph.output; };
  add("target", layers + graph.connections.size(), is_last, out);
  return out;
}

}  // namespace

std::vector<Intervention> interventions(const RuleSpec& rule, const Scene& scene) {
  if (rule.scope == Scope::network) return in_network(rule, scene);
  std::vector<Intervention> out;
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    const bool is_changed_in_place = signal == DELTAW_WEIGHTS && scene.is_in_place;
    const bool is_there = signal != DELTAW_DELAYS || scene.has_delays;
    if ((rule.declares(signal) && is_there) || is_changed_in_place) {
      add_of_signal(signal, scene, out);
    }
  }
  return out;
}

}  // namespace deltaw
