// SPDX-License-Identifier: Apache-2.0
// One backward pass through the network, shared by the rules that send an error down it: exact
// transposes give backpropagation, other matrices its relatives.
#pragma once

#include <deltaw/network.hpp>
#include <deltaw/rule.hpp>
#include <vector>

namespace deltaw {

// The exact backward pass. A rule that differs derives from it and hides what it changes; calls are
// bound when compiled.
template <class T>
struct Backward {
  // grad_pre (inputs x K) = beta grad_pre + W^T grad_potential (outputs x K), of connection c.
  void connection(const NetworkView<T>& network, std::uint32_t c,
                  const arma::Mat<T>& grad_potential, double beta, arma::Mat<T>& grad_pre) {
    network.connection_vjp(c, grad_potential, beta, grad_pre);
  }
  // Multiplies the change of connection c.
  double rate(std::uint32_t /*c*/) { return 1; }
  // From dL/d post (units x K) to dL/d potential (potentials x K) of a hidden layer.
  void layer(const NetworkView<T>& network, std::uint32_t i, arma::Mat<T>& grad_post,
             arma::Mat<T>& grad_potential) {
    network.layer_vjp(i, grad_post, grad_potential);
  }
};

template <class T>
class ErrorTransport {
 public:
  explicit ErrorTransport(const Setup& setup) : network_(setup) {
    const auto& layers = network_.layers();
    is_needed_.assign(layers.size(), false);
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      for (const std::uint32_t c : layers[i].incoming) {
        const Connection& connection = network_.connections()[c];
        if (connection.delta >= 0 || is_needed_[connection.source]) is_needed_[i] = true;
      }
      for (const std::uint32_t c : layers[i].recurrent) {
        if (network_.connections()[c].delta >= 0) is_needed_[i] = true;
      }
      grad_post_.emplace_back(layers[i].units, setup.max_columns());
      grad_potential_.emplace_back(layers[i].potentials, setup.max_columns());
    }
  }

  [[nodiscard]] const NetworkView<T>& network() const { return network_; }
  // dL/d potential (potentials x K) of a layer that send() has reached in this block.
  [[nodiscard]] arma::Mat<T> grad_potential(std::uint32_t layer, arma::uword columns) {
    return first_columns(grad_potential_[layer], columns);
  }

  // Adds -rate dL/dW to every delta, with a Backward<T> or what derives from it.
  template <class Policy>
  void send(arma::uword columns, Deltas<T>& deltas, Policy& backward) {
    const auto& layers = network_.layers();
    is_filled_.assign(layers.size(), false);
    for (std::uint32_t i = static_cast<std::uint32_t>(layers.size()); i-- > 0;) {
      if (!is_needed_[i]) continue;
      arma::Mat<T> grad_potential = first_columns(grad_potential_[i], columns);
      if (layers[i].is_output) {
        network_.loss_gradient(i, grad_potential);
      } else {
        arma::Mat<T> grad_post = first_columns(grad_post_[i], columns);
        backward.layer(network_, i, grad_post, grad_potential);
      }
      // Where a layer feeds itself, its own product has been back through time already.
      for (const std::uint32_t c : layers[i].recurrent) add(c, grad_potential, deltas, backward);
      for (const std::uint32_t c : layers[i].incoming) {
        const Connection& connection = network_.connections()[c];
        add(c, grad_potential, deltas, backward);
        if (!is_needed_[connection.source]) continue;
        arma::Mat<T> grad_pre = first_columns(grad_post_[connection.source], columns);
        const double beta = is_filled_[connection.source] ? 1 : 0;
        is_filled_[connection.source] = true;
        backward.connection(network_, c, grad_potential, beta, grad_pre);
      }
    }
  }

 private:
  template <class Policy>
  void add(std::uint32_t c, const arma::Mat<T>& grad_potential, Deltas<T>& deltas,
           Policy& backward) {
    const std::int64_t delta = network_.connections()[c].delta;
    if (delta < 0) return;
    network_.connection_gradient(c, grad_potential, -backward.rate(c), deltas[delta]);
  }

  NetworkView<T> network_;
  std::vector<bool> is_needed_;  // whether a driven connection lies at or below the layer
  std::vector<bool> is_filled_;  // whether dL/d post of the layer holds a term of this pass
  std::vector<arma::Mat<T>> grad_post_, grad_potential_;
};

}  // namespace deltaw
