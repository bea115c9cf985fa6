// SPDX-License-Identifier: Apache-2.0
// A static network: weights, and how activity and gradients pass through its graph.
// Weights belong to the network, activity to its caller. One writer at a time.
#pragma once

#include <armadillo>
#include <vector>

#include "core/matrix.hpp"
#include "network/activation.hpp"
#include "network/graph.hpp"

namespace deltaw {

// What each layer does in one block: potentials and posts, units x K. Memory for `max_columns`.
template <class T>
class Activity {
 public:
  Activity(const Graph& graph, std::size_t max_columns);

  void set_columns(std::size_t k) { columns_ = k; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t max_columns() const { return posts_.front().columns(); }
  [[nodiscard]] arma::Mat<T> potential(std::size_t layer) const {
    return potentials_[layer].first(columns_);
  }
  [[nodiscard]] arma::Mat<T> post(std::size_t layer) const { return posts_[layer].first(columns_); }

 private:
  std::vector<Buffer<T>> potentials_, posts_;
  std::size_t columns_ = 0;
};

template <class T>
class Network {
 public:
  explicit Network(Graph graph);

  [[nodiscard]] const Graph& graph() const { return graph_; }
  [[nodiscard]] const Activation<T>& activation(std::size_t layer) const {
    return activations_[layer];
  }
  // A view, outputs x inputs: writing through it changes the network.
  [[nodiscard]] arma::Mat<T> weights(std::size_t connection) const {
    return weights_[connection].all();
  }
  [[nodiscard]] std::size_t outputs(std::size_t connection) const {
    return weights_[connection].rows();
  }
  [[nodiscard]] std::size_t inputs(std::size_t connection) const {
    return weights_[connection].columns();
  }

  // From the posts of the input layer, which the caller has filled, to all others. `noise`, when
  // given, holds for each layer what is added to its potential (units x max columns; may be empty).
  void forward(Activity<T>& activity, const std::vector<Buffer<T>>* noise = nullptr) const;
  // The same, only for layers `first` and above.
  void forward_from(std::size_t first, Activity<T>& activity,
                    const std::vector<Buffer<T>>* noise = nullptr) const;

  // grad_pre (inputs x K) = beta grad_pre + W^T grad_potential (outputs x K), with `weights` in
  // place of W if not null.
  void connection_vjp(std::size_t connection, const arma::Mat<T>& grad_potential, const T* weights,
                      T beta, arma::Mat<T>& grad_pre) const;
  // delta (outputs x inputs) += scale grad_potential pre^T.
  void connection_gradient(std::size_t connection, const Activity<T>& activity,
                           const arma::Mat<T>& grad_potential, T scale, arma::Mat<T>& delta) const;

 private:
  Graph graph_;
  std::vector<Activation<T>> activations_;
  std::vector<Buffer<T>> weights_;
};

extern template class Activity<float>;
extern template class Activity<double>;
extern template class Network<float>;
extern template class Network<double>;

}  // namespace deltaw
