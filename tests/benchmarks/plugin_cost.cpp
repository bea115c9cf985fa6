// SPDX-License-Identifier: Apache-2.0
// What it costs that backpropagation is a plugin: the same code linked in and opened from its
// library, each training the digits' network for some epochs in turns. Budget: within 1 %.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "../../plugins/backprop/backprop.cpp"
#include "core/blas.hpp"
#include "core/random.hpp"
#include "plugin/library.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;

namespace {

constexpr std::size_t k_units[] = {64, 64, 64, 10};
constexpr int k_turns = 201, k_epochs = 4;

Split<float> data() {
  Random random(1, "benchmark");
  Split<float> split;
  split.train.inputs.set_size(64, 1280);
  for (float& x : split.train.inputs) x = static_cast<float>(random.uniform());
  split.train.targets.zeros(10, 1280);
  for (std::uint32_t k = 0; k < 1280; ++k) {
    split.train.labels.push_back(k % 10);
    split.train.targets(k % 10, k) = 1;
  }
  return split;
}

NetworkSpec network() {
  NetworkSpec spec;
  for (std::size_t i = 0; i < 4; ++i) {
    LayerSpec& layer = spec.layers.emplace_back();
    layer.name = fmt::format("layer{}", i);
    layer.units = k_units[i];
    layer.activation.type = i == 3 ? "softmax" : "relu";
    if (i == 0) continue;
    spec.connections.emplace_back().from = fmt::format("layer{}", i - 1);
    spec.connections.back().to = layer.name;
  }
  return spec;
}

DriveSpec drive(const deltaw_plugin& plugin) {
  DriveSpec spec;
  spec.plugin = &plugin;
  spec.rule.id = "backprop";
  spec.rule.scope = Scope::network;
  spec.rule.dynamics = {Dynamics::fixed};
  spec.rule.capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64;
  for (const Graph::Connection& c : make_graph(network()).connections) {
    spec.connections.push_back(c.name);
  }
  return spec;
}

double seconds_of(StaticTrainer<float>& trainer) {
  const double before = trainer.seconds();
  for (int e = 0; e < k_epochs; ++e) (void)trainer.train_epoch();
  return trainer.seconds() - before;
}

}  // namespace

int main() {
  use_single_threaded_blas();
  const Split<float> split = data();
  const Library library(read_manifest(BACKPROP_MANIFEST));
  StaticTrainer<float> linked(network(), {}, {drive(*deltaw_plugin_entry())}, split, 1);
  StaticTrainer<float> opened(network(), {}, {drive(library.table())}, split, 1);
  std::array<double, k_turns> ratios{};
  for (double& ratio : ratios) {
    const double alone = seconds_of(linked);
    ratio = seconds_of(opened) / alone;
  }
  std::sort(ratios.begin(), ratios.end());
  fmt::print("CPU time as a plugin / linked in, {} turns: median {:.4f}, quartiles {:.4f} {:.4f}\n",
             k_turns, ratios[k_turns / 2], ratios[k_turns / 4], ratios[3 * k_turns / 4]);
}
