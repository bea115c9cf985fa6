// SPDX-License-Identifier: Apache-2.0
// One backward pass through the network, shared by the rules that send an error down it: exact
// transposes give backpropagation, other matrices its relatives.
#pragma once

#include <deltaw/network.hpp>
#include <deltaw/rule.hpp>
#include <vector>

namespace deltaw {

// Columns 0 .. k-1 of a matrix that was made for the widest block, sharing its memory.
template <class T>
arma::Mat<T> first_columns(arma::Mat<T>& m, arma::uword k) {
  return arma::Mat<T>(m.memptr(), m.n_rows, k, false, true);
}

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
      grad_post_.emplace_back(layers[i].units, setup.max_columns());
      grad_potential_.emplace_back(layers[i].potentials, setup.max_columns());
    }
  }

  [[nodiscard]] const Network<T>& network() const { return network_; }
  // dL/d potential of a layer (potentials x K) after send(); valid for layers that were reached.
  [[nodiscard]] arma::Mat<T> grad_potential(std::uint32_t layer, arma::uword columns) {
    return first_columns(grad_potential_[layer], columns);
  }

  // Adds -dL/dW to every delta. `feedback(c)` gives the matrix (outputs x inputs) that carries the
  // error down connection c in place of its weights, or nullptr for its weights.
  // `at_layer(l, grad_post, grad_potential)` turns dL/d post into dL/d potential.
  template <class Feedback, class AtLayer>
  void send(arma::uword columns, Deltas<T>& deltas, Feedback feedback, AtLayer at_layer) {
    const auto& layers = network_.layers();
    is_filled_.assign(layers.size(), false);
    for (std::uint32_t i = static_cast<std::uint32_t>(layers.size()); i-- > 0;) {
      if (!is_needed_[i]) continue;
      arma::Mat<T> grad_potential = first_columns(grad_potential_[i], columns);
      if (layers[i].is_output) {
        network_.loss_gradient(i, grad_potential);
      } else {
        arma::Mat<T> grad_post = first_columns(grad_post_[i], columns);
        at_layer(i, grad_post, grad_potential);
      }
      for (const std::uint32_t c : layers[i].incoming) {
        const Connection& connection = network_.connections()[c];
        if (connection.delta >= 0) {
          network_.connection_gradient(c, grad_potential, -1, deltas[connection.delta]);
        }
        if (!is_needed_[connection.source]) continue;
        arma::Mat<T> grad_pre = first_columns(grad_post_[connection.source], columns);
        const double beta = is_filled_[connection.source] ? 1 : 0;
        is_filled_[connection.source] = true;
        network_.connection_vjp(c, grad_potential, beta, grad_pre, feedback(c));
      }
    }
  }

  // As above, with the layers' own derivatives.
  template <class Feedback>
  void send(arma::uword columns, Deltas<T>& deltas, Feedback feedback) {
    send(columns, deltas, feedback,
         [this](std::uint32_t i, const arma::Mat<T>& grad_post, arma::Mat<T>& grad_potential) {
           network_.layer_vjp(i, grad_post, grad_potential);
         });
  }

 private:
  Network<T> network_;
  std::vector<bool> is_needed_;  // whether a driven connection lies at or below the layer
  std::vector<bool> is_filled_;  // whether dL/d post of the layer holds a term of this pass
  std::vector<arma::Mat<T>> grad_post_, grad_potential_;
};

}  // namespace deltaw
