// SPDX-License-Identifier: Apache-2.0
// Forward and backward products along the connections.
#include "network/network.hpp"

#include <algorithm>
#include <utility>

#include "core/blas.hpp"

namespace deltaw {

namespace {

template <class T>
void add_noise(const Noise<T>& noise, std::size_t layer, const Window& part,
               arma::Mat<T>& potential) {
  const Buffer<T>& everywhere = noise.everywhere[layer];
  if (everywhere.size() > 0) potential += columns_of(everywhere.all(), part);
  for (const auto& place : noise.in_places[layer]) {
    if (part.holds(place.column)) potential(place.unit, place.column - part.first) += place.value;
  }
}

}  // namespace

template <class T>
Activity<T>::Activity(const Graph& graph, std::size_t max_columns) {
  for (const Graph::Layer& layer : graph.layers) {
    const bool has_potential = !layer.incoming.empty();
    potentials_.emplace_back(has_potential ? layer.units : 0, max_columns);
    earlier_.push_back(layer.has_time() ? 1 : 0);
    posts_.emplace_back(layer.units, max_columns + earlier_.back());
    starts_.emplace_back(layer.has_time() ? layer.units : 0, 1);
  }
  posts_.front().all().ones();
}

template <class T>
Network<T>::Network(Graph graph) : graph_(std::move(graph)) {
  for (const Graph::Layer& layer : graph_.layers) {
    activations_.emplace_back(layer.activation);
    dynamics_.emplace_back();
    if (!layer.has_time()) continue;
    dynamics_.back().emplace(layer.units, layer.activation, layer.dynamics, graph_.dt);
  }
  for (const Graph::Connection& c : graph_.connections) {
    weights_.emplace_back(graph_.layers[c.target].units, graph_.layers[c.source].units);
  }
  masks_.resize(weights_.size());
}

template <class T>
void Network<T>::forward(Activity<T>& activity, const Noise<T>* noise, const Window& part) const {
  const std::size_t k = part.size();
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    const Graph::Layer& layer = graph_.layers[i];
    if (layer.incoming.empty()) continue;
    arma::Mat<T> potential = columns_of(activity.potential(i), part);
    T beta = 0;
    for (const std::size_t c : layer.incoming) {
      const T* w = weights_[c].data();
      if (graph_.connections[c].is_bias) {
        for (std::size_t column = 0; column < k; ++column) {
          std::copy_n(w, layer.units, potential.colptr(column));
        }
      } else {
        const arma::Mat<T> pre = columns_of(activity.post(graph_.connections[c].source), part);
        gemm<T>(Op::none, Op::none, layer.units, k, pre.n_rows, 1, w, pre.memptr(), beta,
                potential.memptr());
      }
      beta = 1;
    }
    if (noise != nullptr) add_noise(*noise, i, part, potential);
    if (dynamics_[i]) {
      arma::Mat<T> all = activity.potential(i), course = activity.course(i);
      const T* own = layer.recurrent ? weights_[*layer.recurrent].data() : nullptr;
      dynamics_[i]->run(own, activity.start(i).memptr(), part, all, course);
      continue;
    }
    arma::Mat<T> post = columns_of(activity.post(i), part);
    activations_[i].apply(potential, post);
  }
}

template <class T>
void Network<T>::layer_vjp(std::size_t layer, const Activity<T>& activity,
                           const arma::Mat<T>& grad_post, const T* feedback,
                           arma::Mat<T>& grad_potential) const {
  if (!dynamics_[layer]) {
    activations_[layer].vjp(activity.potential(layer), activity.post(layer), grad_post,
                            grad_potential);
    return;
  }
  const std::optional<std::size_t> recurrent = graph_.layers[layer].recurrent;
  const T* own = recurrent ? weights_[*recurrent].data() : nullptr;
  dynamics_[layer]->vjp(recurrent && feedback != nullptr ? feedback : own,
                        activity.potential(layer), activity.course(layer), grad_post,
                        grad_potential);
}

template <class T>
void Network<T>::connection_vjp(std::size_t connection, const arma::Mat<T>& grad_potential,
                                const T* weights, T beta, arma::Mat<T>& grad_pre) const {
  const T* w = weights != nullptr ? weights : weights_[connection].data();
  gemm<T>(Op::transpose, Op::none, inputs(connection), grad_potential.n_cols, outputs(connection),
          1, w, grad_potential.memptr(), beta, grad_pre.memptr());
}

template <class T>
void Network<T>::connection_gradient(std::size_t connection, const Activity<T>& activity,
                                     const arma::Mat<T>& grad_potential, T scale,
                                     arma::Mat<T>& delta) const {
  if (graph_.connections[connection].is_bias) {
    T* d = delta.memptr();
    for (arma::uword k = 0; k < grad_potential.n_cols; ++k) {
      const T* g = grad_potential.colptr(k);
      for (arma::uword i = 0; i < grad_potential.n_rows; ++i) d[i] += scale * g[i];
    }
    return;
  }
  const arma::Mat<T> pre = this->pre(connection, activity);
  gemm<T>(Op::none, Op::transpose, outputs(connection), inputs(connection), pre.n_cols, scale,
          grad_potential.memptr(), pre.memptr(), 1, delta.memptr());
}

template class Activity<float>;
template class Activity<double>;
template class Network<float>;
template class Network<double>;

}  // namespace deltaw
