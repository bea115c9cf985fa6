// SPDX-License-Identifier: Apache-2.0
// For tests: a network with data, and rules that watch or train it through the ABI, linked in
// rather than opened. Several rules may share one network. One thread.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deltaw/rule.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "network/initialise.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"
#include "network/service.hpp"
#include "parameter.hpp"
#include "rule/instance.hpp"
#include "training/constraint.hpp"

namespace deltaw::testing {

template <class T>
arma::Mat<T> gaussian(arma::uword rows, arma::uword cols, const std::string& purpose) {
  Random random(1, purpose);
  arma::Mat<T> out(rows, cols);
  for (T& x : out) x = static_cast<T>(random.normal());
  return out;
}

// Each column has one 1.
template <class T>
arma::Mat<T> one_hot(arma::uword rows, arma::uword cols) {
  arma::Mat<T> out(rows, cols, arma::fill::zeros);
  for (arma::uword k = 0; k < cols; ++k) out((7 * k + k / 3) % rows, k) = 1;
  return out;
}

inline LayerSpec layer(std::string name, std::size_t units, std::string activation = "linear",
                       bool bias = true) {
  LayerSpec spec;
  spec.name = std::move(name);
  spec.units = units;
  spec.activation.type = std::move(activation);
  spec.bias = bias;
  spec.bias_init.type = "normal";
  spec.bias_init.deviation = 0.3;
  return spec;
}
inline ConnectionSpec connection(std::string from, std::string to) {
  ConnectionSpec spec;
  spec.from = std::move(from);
  spec.to = std::move(to);
  spec.init.type = "normal";
  return spec;
}
// Each layer connected to the next.
inline NetworkSpec chain(std::vector<LayerSpec> layers) {
  NetworkSpec spec{std::move(layers), {}};
  for (std::size_t i = 1; i < spec.layers.size(); ++i) {
    spec.connections.push_back(connection(spec.layers[i - 1].name, spec.layers[i].name));
  }
  return spec;
}

template <class T>
struct Bench {
  Bench(const NetworkSpec& spec, const LossSpec& loss_spec, const arma::Mat<T>& inputs,
        const arma::Mat<T>& targets)
      : network(make_graph(spec)),
        activity(network.graph(), inputs.n_cols),
        loss(loss_spec, network.activation(network.graph().output)),
        target(targets.n_rows, targets.n_cols),
        counted{0, inputs.n_cols} {
    show(inputs, targets);
    initialise(network, 1, inputs);
    forward();
  }

  // A block of at most as many columns as the first.
  void show(const arma::Mat<T>& inputs, const arma::Mat<T>& targets) {
    activity.set_columns(inputs.n_cols);
    counted = {0, inputs.n_cols};
    activity.post(network.graph().input) = inputs;
    target.first(targets.n_cols) = targets;
  }
  void forward() { network.forward(activity); }
  // A copy, where activity.post() is a view.
  [[nodiscard]] arma::Mat<T> output() const {
    const arma::Mat<T> post = activity.post(network.graph().output);
    return arma::Mat<T>(post.memptr(), post.n_rows, post.n_cols);
  }
  // The loss of each observation (1 x K), and their mean.
  [[nodiscard]] arma::Mat<T> losses() const {
    arma::Mat<T> values(1, activity.columns());
    loss.values(output(), target.first(activity.columns()), values);
    return values;
  }
  T forward_loss() {
    forward();
    const arma::Mat<T> counting = losses().cols(counted.first, counted.last - 1);
    return arma::mean(arma::vectorise(counting));
  }

  [[nodiscard]] std::size_t find(const std::string& name) const {
    const auto& all = network.graph().connections;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == name) return i;
    }
    FAIL("no connection ", name);
    return 0;
  }
  [[nodiscard]] arma::Mat<T> weights_of(const std::string& name) const {
    return network.weights(find(name));
  }

  // -dL/dW by central differences.
  arma::Mat<T> descent(std::size_t connection, T step) {
    arma::Mat<T> w = network.weights(connection), out(w.n_rows, w.n_cols);
    for (arma::uword i = 0; i < w.n_elem; ++i) {
      const T old = w[i];
      w[i] = old + step;
      const T above = forward_loss();
      w[i] = old - step;
      out[i] = (forward_loss() - above) / (2 * step);
      w[i] = old;
    }
    forward();
    return out;
  }

  Network<T> network;
  Activity<T> activity;
  Loss<T> loss;
  Buffer<T> target;
  Window counted;  // the observations on which the loss is taken
};

// A rule of network scope that drives all plastic connections of a Bench.
template <template <class> class Rule, class T>
class RuleOnNetwork {
 public:
  explicit RuleOnNetwork(Bench<T>& bench, std::vector<deltaw_param> parameters = {})
      : bench_(bench),
        driven_(plastic(bench.network.graph())),
        service_(bench.network, bench.activity, bench.loss, bench.target, bench.counted, driven_),
        spec_(describe()),
        instance_({.plugin = detail::Table<Rule>::table(),
                   .rule = &spec_,
                   .parameters = std::move(parameters),
                   .seed = 1,
                   .key = "test",
                   .network = service_.table()}) {
    std::vector<ConnectionSize> sizes;
    for (const std::size_t c : driven_) {
      sizes.push_back({bench.network.graph().connections[c].name, bench.network.outputs(c),
                       bench.network.inputs(c)});
      changes_.emplace_back(bench.network.outputs(c), bench.network.inputs(c));
    }
    for (const arma::Mat<T>& change : changes_) deltas_.push_back(matrix_of(change));
    instance_.prepare(dtype_number<T>, bench.activity.max_columns(), sizes);
  }

  // ΔW of each driven connection for the activity as it is.
  const std::vector<arma::Mat<T>>& propose() {
    for (arma::Mat<T>& change : changes_) change.zeros();
    const std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals{};
    const deltaw_block block = {sizeof block,
                                DELTAW_SIGNAL_COUNT,
                                updates_++,
                                0,
                                bench_.activity.columns(),
                                0,
                                signals.data(),
                                0,
                                0,
                                -INFINITY,
                                INFINITY,
                                1};
    instance_.update(block, deltas_);
    return changes_;
  }
  const arma::Mat<T>& change(const std::string& name) {
    propose();
    for (std::size_t i = 0; i < driven_.size(); ++i) {
      if (bench_.network.graph().connections[driven_[i]].name == name) return changes_[i];
    }
    FAIL("the rule does not drive ", name);
    return changes_[0];
  }
  // Forward, W += rate ΔW, then the constraints of each connection.
  void step(T rate) {
    bench_.forward();
    propose();
    for (std::size_t i = 0; i < driven_.size(); ++i) {
      arma::Mat<T> w = bench_.network.weights(driven_[i]);
      w += rate * changes_[i];
      const ConstraintSpec& c = bench_.network.graph().connections[driven_[i]].constraint;
      if (c.sign != "none") constrain(w, c);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& driven() const { return driven_; }

 private:
  static std::vector<std::size_t> plastic(const Graph& graph) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < graph.connections.size(); ++i) {
      if (graph.connections[i].is_plastic) out.push_back(i);
    }
    return out;
  }
  static RuleSpec describe() {
    const deltaw_rule_info info = detail::info_of<Rule>();
    RuleSpec spec;
    spec.id = info.id;
    spec.version = info.version;
    spec.signals = info.signals;
    spec.capabilities = info.caps;
    spec.scope = info.scope == DELTAW_SCOPE_NETWORK ? Scope::network : Scope::local;
    return spec;
  }

  Bench<T>& bench_;
  std::vector<std::size_t> driven_;
  NetworkService<T> service_;
  RuleSpec spec_;
  RuleInstance instance_;
  std::vector<arma::Mat<T>> changes_;
  std::vector<deltaw_matrix> deltas_;
  std::uint64_t updates_ = 0;
};

// |a - b| relative to the larger of both, over all elements together.
template <class T>
double relative_error(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  const double size =
      std::max<double>(arma::norm(arma::vectorise(a)), arma::norm(arma::vectorise(b)));
  return size == 0 ? 0 : arma::norm(arma::vectorise(a - b)) / size;
}

template <class T>
double cosine(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return arma::norm_dot(arma::vectorise(a), arma::vectorise(b));
}

}  // namespace deltaw::testing
