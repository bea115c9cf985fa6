// SPDX-License-Identifier: Apache-2.0
// Error transport for rules of network scope: layers, connections and their vector-Jacobian
// products. Layers are in topological order. Valid in the calls of one instance.
#pragma once

#include <deltaw/abi.h>

#include <deltaw/guard.hpp>
#include <deltaw/setup.hpp>
#include <deltaw/view.hpp>
#include <string>
#include <vector>

namespace deltaw {

struct Layer {
  std::string name;
  arma::uword units, potentials;
  bool is_input, is_output;
  std::vector<std::uint32_t> incoming, outgoing;  // connections that are not recurrent
  std::vector<std::uint32_t> recurrent;           // those that reach it from the step before
};

struct Connection {
  std::string name;
  std::uint32_t source, target;
  arma::uword outputs, inputs;
  bool is_bias, is_recurrent;
  std::int64_t delta;  // place among the deltas, -1 when another rule drives it
};

// K is the number of columns of the present block. Every matrix argument has the shape stated, its
// memory is written in place, and a mismatch throws.
template <class T>
class NetworkView {
 public:
  explicit NetworkView(const Setup& setup) : host_(setup.network()) {
    for (std::uint32_t i = 0; i < host_->n_layers; ++i) {
      deltaw_layer_info l{};
      l.struct_size = sizeof l;
      detail::require(host_->layer(host_->ctx, i, &l), "network.layer");
      layers_.push_back({l.name,
                         l.units,
                         l.potentials,
                         (l.flags & DELTAW_LAYER_INPUT) != 0,
                         (l.flags & DELTAW_LAYER_OUTPUT) != 0,
                         {},
                         {},
                         {}});
    }
    for (std::uint32_t i = 0; i < host_->n_connections; ++i) {
      deltaw_connection_info c{};
      c.struct_size = sizeof c;
      detail::require(host_->connection(host_->ctx, i, &c), "network.connection");
      const bool is_recurrent = (c.flags & DELTAW_CONNECTION_RECURRENT) != 0;
      connections_.push_back({c.name, c.source, c.target, c.outputs, c.inputs,
                              (c.flags & DELTAW_CONNECTION_BIAS) != 0, is_recurrent, c.delta});
      if (is_recurrent) {
        layers_[c.target].recurrent.push_back(i);
      } else {
        layers_[c.target].incoming.push_back(i);
        layers_[c.source].outgoing.push_back(i);
      }
    }
  }

  [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<Connection>& connections() const { return connections_; }

  // A signal of a layer (POST, POTENTIAL, DERIVATIVE, TARGET, ERROR) or connection (PRE, WEIGHTS).
  [[nodiscard]] const arma::Mat<T> signal(std::uint32_t signal, std::uint32_t index) const {
    deltaw_matrix m{};
    detail::require(host_->signal(host_->ctx, signal, index, &m), "network.signal");
    return view<T>(m);
  }

  // out (potentials x K) = dL/d potential of an output layer.
  void loss_gradient(std::uint32_t layer, arma::Mat<T>& out) const {
    const deltaw_matrix m = matrix_of(out);
    detail::require(host_->loss_gradient(host_->ctx, layer, &m), "network.loss_gradient");
  }

  // grad_potential (potentials x K) = (d post / d potential)^T grad_post (units x K).
  void layer_vjp(std::uint32_t layer, const arma::Mat<T>& grad_post, arma::Mat<T>& grad_potential,
                 const arma::Mat<T>* feedback = nullptr) const {
    const deltaw_matrix in = matrix_of(grad_post), out = matrix_of(grad_potential);
    const deltaw_matrix b = feedback ? matrix_of(*feedback) : deltaw_matrix{};
    detail::require(host_->layer_vjp(host_->ctx, layer, &in, feedback ? &b : nullptr, &out),
                    "network.layer_vjp");
  }

  // grad_pre (inputs x K) = beta grad_pre + W^T grad_potential (outputs x K), with `feedback`
  // (outputs x inputs) in place of W if not null.
  void connection_vjp(std::uint32_t connection, const arma::Mat<T>& grad_potential, double beta,
                      arma::Mat<T>& grad_pre, const arma::Mat<T>* feedback = nullptr) const {
    const deltaw_matrix in = matrix_of(grad_potential), out = matrix_of(grad_pre);
    const deltaw_matrix b = feedback ? matrix_of(*feedback) : deltaw_matrix{};
    detail::require(
        host_->connection_vjp(host_->ctx, connection, &in, feedback ? &b : nullptr, beta, &out),
        "network.connection_vjp");
  }

  // delta (outputs x inputs) += scale dL/dW, given dL/d potential of the target (outputs x K).
  void connection_gradient(std::uint32_t connection, const arma::Mat<T>& grad_potential,
                           double scale, arma::Mat<T>& delta) const {
    const deltaw_matrix in = matrix_of(grad_potential), out = matrix_of(delta);
    detail::require(host_->connection_gradient(host_->ctx, connection, &in, scale, &out),
                    "network.connection_gradient");
  }

 private:
  const deltaw_network* host_;
  std::vector<Layer> layers_;
  std::vector<Connection> connections_;
};

}  // namespace deltaw
