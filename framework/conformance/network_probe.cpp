// SPDX-License-Identifier: Apache-2.0
// A network that is not run: its activity is what the stimulus says.
#include "conformance/network_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/random.hpp"

namespace deltaw {
namespace {

std::vector<std::size_t> all_connections(const Graph& graph) {
  std::vector<std::size_t> all(graph.connections.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

arma::mat normal(std::size_t rows, std::size_t columns, Random random) {
  arma::mat out(rows, columns);
  for (double& value : out) value = random.normal();
  return out;
}

// One class a column.
arma::mat classes(std::size_t rows, std::size_t columns, Random random) {
  arma::mat out(rows, columns, arma::fill::zeros);
  for (std::size_t k = 0; k < columns; ++k) out(random.below(rows), k) = 1;
  return out;
}

}  // namespace

Graph probed_graph(const RuleSpec& rule, const Scene& scene) {
  // What such a rule takes as a text is the name of a layer, if anything.
  const auto is_text = [](const ParameterSpec& p) { return p.type == ParameterSpec::Type::string; };
  const auto named = std::ranges::find_if(rule.parameters, is_text);
  NetworkSpec spec;
  spec.layers.resize(3);
  spec.layers[0].name = "input";
  spec.layers[1].name =
      named == rule.parameters.end() ? "hidden" : std::get<std::string>(named->fallback);
  spec.layers[2].name = "output";
  const std::size_t units[] = {scene.inputs, scene.outputs, 3};
  const char* const activations[] = {"linear", "relu", "softmax"};
  for (std::size_t i = 0; i < 3; ++i) {
    spec.layers[i].units = units[i];
    spec.layers[i].activation.type = activations[i];
    spec.layers[i].bias = false;
  }
  spec.connections.resize(2);
  for (std::size_t i = 0; i < 2; ++i) {
    spec.connections[i].from = spec.layers[i].name;
    spec.connections[i].to = spec.layers[i + 1].name;
  }
  return make_graph(spec);
}

Stimulus draw_network_stimulus(const RuleSpec& rule, const Scene& scene, std::uint64_t number) {
  const Graph graph = probed_graph(rule, scene);
  Stimulus out;
  for (std::size_t update = 0; update < scene.updates; ++update) {
    std::vector<arma::mat>& parts = out.parts.emplace_back();
    const auto random = [&] {
      return Random(number, fmt::format("check/part {}", parts.size()), update);
    };
    for (const Graph::Layer& layer : graph.layers) {
      parts.push_back(normal(layer.units, scene.columns, random()));
    }
    for (const Graph::Connection& c : graph.connections) {
      parts.push_back(normal(graph.layers[c.target].units, graph.layers[c.source].units, random()));
    }
    parts.push_back(classes(graph.layers[graph.output].units, scene.columns, random()));
  }
  return out;
}

template <class T>
NetworkProbe<T>::NetworkProbe(ProbedRule probed, const Scene& scene, const Surroundings& around)
    : RuleProbe(std::move(probed), scene, around),
      network_(probed_graph(*probed_.rule, scene)),
      activity_(network_.graph(), scene.columns),
      loss_({}, network_.activation(network_.graph().output)),
      target_(network_.graph().layers[network_.graph().output].units, scene.columns),
      counted_{0, scene.columns},
      service_(network_, activity_, loss_, target_, counted_, all_connections(network_.graph())) {
  activity_.set_columns(scene.columns);
  for (std::size_t c = 0; c < network_.graph().connections.size(); ++c) {
    deltas_.emplace_back(scene.dtype, network_.outputs(c), network_.inputs(c), 0, around.filler);
  }
}

template <class T>
void NetworkProbe<T>::prepare() {
  std::vector<ConnectionSize> sizes;
  for (std::size_t c = 0; c < deltas_.size(); ++c) {
    sizes.push_back(
        {network_.graph().connections[c].name, network_.outputs(c), network_.inputs(c)});
  }
  instance_->prepare(scene_.dtype, scene_.columns, sizes);
}

template <class T>
void NetworkProbe<T>::show(const std::vector<arma::mat>& parts, std::size_t update) {
  const Graph& graph = network_.graph();
  const std::size_t layers = graph.layers.size(), connections = graph.connections.size();
  for (std::size_t l = 0; l < layers; ++l) {
    arma::Mat<T> post = activity_.post(l);
    const arma::Mat<T> drive = arma::conv_to<arma::Mat<T>>::from(parts[l]);
    if (l == graph.input) {
      post = drive;
    } else if (!graph.layers[l].incoming.empty()) {
      arma::Mat<T> potential = activity_.potential(l);
      potential = drive;
      network_.activation(l).apply(potential, post);
    }
  }
  std::vector<deltaw_matrix> deltas;
  for (std::size_t c = 0; c < connections; ++c) {
    arma::Mat<T> weights = network_.weights(c);
    weights = arma::conv_to<arma::Mat<T>>::from(parts[layers + c]);
    deltas_[c].set(arma::mat(weights.n_rows, weights.n_cols, arma::fill::zeros));
    if (is_watched_) deltas_[c].remember();
    deltas.push_back(deltas_[c].view(0, weights.n_cols, 0));
  }
  target_.all() = arma::conv_to<arma::Mat<T>>::from(parts.back());

  static constexpr const deltaw_matrix* k_nothing[DELTAW_SIGNAL_COUNT] = {};
  deltaw_block block{};
  block.struct_size = sizeof block;
  block.n_signals = DELTAW_SIGNAL_COUNT;
  block.index = update;
  block.columns = scene_.columns;
  block.signals = k_nothing;
  block.lower = -std::numeric_limits<double>::infinity();
  block.upper = std::numeric_limits<double>::infinity();
  block.scale = 1;
  instance_->update(block, deltas);
  response_.emplace_back();
  for (std::size_t c = 0; c < connections; ++c) {
    if (!deltas_[c].is_untouched_around()) written_ = "beside ΔW";
    for (std::size_t j = 0; j < network_.inputs(c); ++j) {
      for (std::size_t i = 0; i < network_.outputs(c); ++i) {
        response_.back().push_back(deltas_[c].bits(i, j));
      }
    }
  }
}

template class NetworkProbe<float>;
template class NetworkProbe<double>;

}  // namespace deltaw
