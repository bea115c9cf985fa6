// SPDX-License-Identifier: Apache-2.0
// Noise-free trials of every kind, and one of them again with a disturbance.
#include "comparison/snapshot.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace deltaw {
namespace {

constexpr double k_sample = 10;              // ms
constexpr std::size_t k_most_samples = 200;  // of a trial: decoding takes memory with their square

std::size_t layer_to_record(const Graph& graph) {
  const auto rank = [&](std::size_t l) {
    const Graph::Layer& layer = graph.layers[l];
    const bool is_plastic = layer.recurrent && graph.connections[*layer.recurrent].is_plastic;
    return std::tuple(layer.has_time(), is_plastic, layer.units);
  };
  std::size_t best = 0;
  for (std::size_t l = 1; l < graph.layers.size(); ++l) {
    if (rank(l) > rank(best)) best = l;
  }
  return best;
}

std::size_t unit_to_disturb(const Graph::Layer& layer) {
  const auto& clamped = layer.dynamics.clamped;
  const auto is_free = [&](std::size_t unit) {
    return std::ranges::none_of(clamped, [&](const auto& clamp) { return clamp.first == unit; });
  };
  std::size_t unit = layer.units / 2;
  while (!is_free(unit) && unit + 1 < layer.units) ++unit;
  return unit;
}

}  // namespace

template <class T>
SnapshotPlan plan_snapshots(const Network<T>& network, const TrialTask& task) {
  SnapshotPlan plan;
  plan.layer = layer_to_record(network.graph());
  plan.stride = static_cast<std::size_t>(std::max(1.0, std::round(k_sample / task.dt())));
  plan.stride = std::max(plan.stride, (task.steps() + k_most_samples - 1) / k_most_samples);
  plan.unit = unit_to_disturb(network.graph().layers[plan.layer]);
  plan.step = task.steps() / 4;
  return plan;
}

template <class T>
std::vector<std::pair<std::string, arma::mat>> plastic_weights(const Network<T>& network) {
  std::vector<std::pair<std::string, arma::mat>> weights;
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    const Graph::Connection& connection = network.graph().connections[c];
    if (!connection.is_plastic) continue;
    weights.emplace_back(connection.name, arma::conv_to<arma::mat>::from(network.weights(c)));
  }
  return weights;
}

template <class T>
Snapshot take_snapshot(TrialTrainer<T>& trainer, const SnapshotPlan& plan, std::uint64_t seed) {
  const TrialTask& task = trainer.task();
  const auto present = [&](std::uint32_t kind, std::uint64_t index) {
    static_cast<void>(trainer.error_of(task.of_kind(kind, seed, index), "analysis start",
                                       index * task.kinds() + kind));
    return arma::conv_to<arma::fmat>::from(trainer.activity().post(plan.layer));
  };
  Snapshot snapshot;
  snapshot.weights = plastic_weights(trainer.network());
  const arma::uvec samples =
      arma::regspace<arma::uvec>(0, plan.stride, static_cast<arma::uword>(task.steps() - 1));
  for (std::uint64_t index = 0; index < plan.trials; ++index) {
    for (std::uint32_t kind = 0; kind < task.kinds(); ++kind) {
      snapshot.recording.activity.push_back(present(kind, index).eval().cols(samples));
      snapshot.recording.kind.push_back(kind);
    }
  }
  snapshot.clean = present(0, 0);
  const arma::Mat<T> potential = trainer.activity().potential(plan.layer);
  const double drive = plan.jump / trainer.network().gain(plan.layer);
  const Activity<T>& disturbed =
      trainer.disturbed(plan.layer, {plan.unit, plan.step, static_cast<T>(drive)});
  snapshot.disturbed = arma::conv_to<arma::fmat>::from(disturbed.post(plan.layer));
  snapshot.potential_difference = arma::conv_to<arma::vec>::from(
      (disturbed.potential(plan.layer).row(plan.unit) - potential.row(plan.unit)).t());
  return snapshot;
}

template SnapshotPlan plan_snapshots<float>(const Network<float>&, const TrialTask&);
template SnapshotPlan plan_snapshots<double>(const Network<double>&, const TrialTask&);
template Snapshot take_snapshot<float>(TrialTrainer<float>&, const SnapshotPlan&, std::uint64_t);
template Snapshot take_snapshot<double>(TrialTrainer<double>&, const SnapshotPlan&, std::uint64_t);
template std::vector<std::pair<std::string, arma::mat>> plastic_weights<float>(
    const Network<float>&);
template std::vector<std::pair<std::string, arma::mat>> plastic_weights<double>(
    const Network<double>&);

}  // namespace deltaw
