// SPDX-License-Identifier: Apache-2.0
// Forward and backward products along the connections.
#include "network/network.hpp"

#include <algorithm>
#include <utility>

#include "core/blas.hpp"

namespace deltaw {

namespace {

// The activation as if there were only these units; 0 for the others.
template <class T>
void apply_within(const Window& units, const Activation<T>& activation,
                  const arma::Mat<T>& potential, arma::Mat<T>& post) {
  post.zeros();
  for (arma::uword k = 0; k < post.n_cols; ++k) {
    const arma::Mat<T> z = view(const_cast<T*>(potential.colptr(k)) + units.first, units.size(), 1);
    arma::Mat<T> p = view(post.colptr(k) + units.first, units.size(), 1);
    activation.apply(z, p);
  }
}

}  // namespace

template <class T>
void Noise<T>::add_to(std::size_t layer, const Window& part, arma::Mat<T>& drive) const {
  if (everywhere[layer].size() > 0) drive += columns_of(everywhere[layer].all(), part);
  for (const Place& place : in_places[layer]) {
    if (part.holds(place.column)) drive(place.unit, place.column - part.first) += place.value;
  }
}

template <class T>
Activity<T>::Activity(const Graph& graph, std::size_t max_columns) {
  for (const Graph::Layer& layer : graph.layers) {
    const bool has_potential = !layer.incoming.empty() && !layer.is_weightless;
    is_weightless_.push_back(layer.is_weightless);
    potentials_.emplace_back(has_potential ? layer.potentials() : 0, max_columns);
    earlier_.push_back(layer.has_time() ? 1 : 0);
    posts_.emplace_back(layer.units, max_columns + earlier_.back());
    starts_.emplace_back(layer.has_time() ? layer.units : 0, 1);
    const bool is_moving = graph.settling.exists() && has_potential;
    arriving_.emplace_back(is_moving ? layer.units : 0, max_columns);
    drives_.emplace_back(is_moving ? layer.units : 0, max_columns);
  }
  posts_.front().all().ones();
  workshops_ = std::make_unique<std::vector<Workshop>>(graph.connections.size());
  for (std::size_t c = 0; c < graph.connections.size(); ++c) {
    const Graph::Connection& connection = graph.connections[c];
    const Graph::Layer& target = graph.layers[connection.target];
    Workshop& workshop = (*workshops_)[c];
    if (connection.way == Graph::Way::convolution) workshop.convolution.emplace(connection.patches);
    if (connection.way == Graph::Way::max_pool)
      workshop.max_pool.emplace(connection.patches, max_columns);
    if (connection.way == Graph::Way::dropout) {
      workshop.dropout.emplace(target.name, connection.share, target.units);
    }
    if (connection.way == Graph::Way::normalise) {
      workshop.normalise.emplace(target.units, max_columns);
    }
    if (target.gated.exists() && c == target.incoming.back()) {
      workshop.gated.emplace(target.gated, max_columns);
    }
  }
}

template <class T>
bool Activity<T>::has_dropout() const {
  return std::ranges::any_of(*workshops_, [](const Workshop& w) { return w.dropout.has_value(); });
}

template <class T>
void Activity<T>::draw_dropout(std::uint64_t seed, std::uint64_t number) {
  for (Workshop& workshop : *workshops_) {
    if (workshop.dropout) workshop.dropout->draw(seed, number, columns_);
  }
}

template <class T>
Network<T>::Network(Graph graph) : graph_(std::move(graph)) {
  for (const Graph::Layer& layer : graph_.layers) {
    activations_.emplace_back(layer.activation);
    laterals_.emplace_back();
    if (layer.lateral.exists()) laterals_.back().emplace(layer.lateral, layer.units);
    dynamics_.emplace_back();
    if (!layer.has_time()) continue;
    dynamics_.back().emplace(layer.units, layer.activation, layer.dynamics, graph_.dt);
  }
  for (const Graph::Connection& c : graph_.connections) {
    weights_.emplace_back(c.outputs, c.inputs);
  }
  masks_.resize(weights_.size());
}

template <class T>
void Network<T>::answer_with(const Window& units) {
  answering_ = units;
  if (units.size() == graph_.layers[graph_.output].units) answering_.reset();
}

// What the connections from other layers bring to one: units x columns of `part`.
template <class T>
void Network<T>::drive(std::size_t layer, const Activity<T>& activity, const Window& part,
                       arma::Mat<T>& out) const {
  T beta = 0;
  for (const std::size_t c : graph_.layers[layer].incoming) {
    const T* w = weights_[c].data();
    if (graph_.connections[c].is_bias) {
      for (arma::uword column = 0; column < out.n_cols; ++column) {
        std::copy_n(w, out.n_rows, out.colptr(column));
      }
    } else {
      const arma::Mat<T> pre = columns_of(activity.post(graph_.connections[c].source), part);
      gemm<T>(Op::none, Op::none, out.n_rows, out.n_cols, pre.n_rows, 1, w, pre.memptr(), beta,
              out.memptr());
    }
    beta = 1;
  }
}

template <class T>
void Network<T>::carry(const Graph::Layer& layer, const Activity<T>& activity,
                       arma::Mat<T>& out) const {
  const std::size_t c = layer.incoming.back(), k = out.n_cols;
  const arma::Mat<T> source = pre(c, activity);
  typename Activity<T>::Workshop& workshop = activity.workshop(c);
  switch (graph_.connections[c].way) {
    case Graph::Way::convolution: {
      const bool has_bias = layer.incoming.size() > 1;
      workshop.convolution->forward(k, source.memptr(), weights_[c].data(),
                                    has_bias ? weights_[layer.incoming.front()].data() : nullptr,
                                    out.memptr());
      return;
    }
    case Graph::Way::max_pool:
      return workshop.max_pool->forward(k, source.memptr(), out.memptr());
    case Graph::Way::dropout:
      return workshop.dropout->apply(k, source.memptr(), 0, out.memptr());
    case Graph::Way::normalise:
      return workshop.normalise->forward(k, source.memptr(), out.memptr());
    case Graph::Way::flatten:
    case Graph::Way::plain:
    case Graph::Way::gated:
      out = source;
  }
}

template <class T>
void Network<T>::read_steps(std::size_t layer, Activity<T>& activity) const {
  const Graph::Layer& l = graph_.layers[layer];
  const arma::Mat<T> source = pre(l.incoming.back(), activity);
  const T* bias = l.incoming.size() > 1 ? weights_[l.incoming.front()].data() : nullptr;
  gated(layer, activity)
      .forward(source.n_cols, source.memptr(),
               {weights_[l.incoming.back()].data(), weights_[*l.recurrent].data(), bias},
               activity.potential(layer).memptr(), activity.post(layer).memptr());
}

template <class T>
void Network<T>::forward(std::size_t layer, Activity<T>& activity, const Noise<T>* noise,
                         const Window& part) const {
  const Graph::Layer& l = graph_.layers[layer];
  if (l.incoming.empty()) return;
  if (l.gated.exists()) return read_steps(layer, activity);
  arma::Mat<T> potential = columns_of(activity.potential(layer), part);
  if (graph_.connections[l.incoming.back()].way == Graph::Way::plain) {
    drive(layer, activity, part, potential);
  } else {
    carry(l, activity, potential);
  }
  if (noise != nullptr) noise->add_to(layer, part, potential);
  if (l.is_weightless) return;
  if (dynamics_[layer]) {
    arma::Mat<T> all = activity.potential(layer), course = activity.course(layer);
    const T* own = l.recurrent ? weights_[*l.recurrent].data() : nullptr;
    dynamics_[layer]->run(own, activity.start(layer).memptr(), part, all, course);
    return;
  }
  if (laterals_[layer]) laterals_[layer]->settle(potential);
  arma::Mat<T> post = columns_of(activity.post(layer), part);
  activate(layer, potential, post);
}

template <class T>
void Network<T>::activate(std::size_t layer, const arma::Mat<T>& potential,
                          arma::Mat<T>& post) const {
  if (answering_ && layer == graph_.output) {
    apply_within(*answering_, activations_[layer], potential, post);
  } else {
    activations_[layer].apply(potential, post);
  }
}

template <class T>
void Network<T>::forward(Activity<T>& activity, const Noise<T>* noise, const Window& part) const {
  if (graph_.settling.exists()) return settle(activity, noise, part);
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) forward(i, activity, noise, part);
}

template <class T>
void Network<T>::forward(Activity<T>& activity, const std::vector<bool>& wanted) const {
  if (graph_.settling.exists()) {
    const bool is_any = std::ranges::find(wanted, true) != wanted.end();
    return is_any ? settle(activity, nullptr, {0, activity.columns()}) : void();
  }
  for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
    if (wanted[i]) forward(i, activity, nullptr, {0, activity.columns()});
  }
}

template <class T>
std::uint64_t Network<T>::synapses_into(const std::vector<bool>& layers) const {
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < graph_.connections.size(); ++c) {
    if (!layers[graph_.connections[c].target]) continue;
    const arma::Mat<T>& exists = masks_[c];
    const std::uint64_t weights = exists.empty()
                                      ? outputs(c) * inputs(c)
                                      : static_cast<std::uint64_t>(arma::accu(exists != 0));
    const bool is_both_ways =
        graph_.settling.exists() && !graph_.layers[graph_.connections[c].source].incoming.empty();
    count += weights * graph_.connections[c].positions *
             (is_both_ways ? 2 * graph_.settling.free_steps : 1);
  }
  return count;
}

template <class T>
void Network<T>::layer_vjp(std::size_t layer, const Activity<T>& activity,
                           const arma::Mat<T>& grad_post, const T* feedback,
                           arma::Mat<T>& grad_potential) const {
  const std::optional<std::size_t> recurrent = graph_.layers[layer].recurrent;
  const T* own = recurrent ? weights_[*recurrent].data() : nullptr;
  const T* back = recurrent && feedback != nullptr ? feedback : own;
  if (graph_.layers[layer].gated.exists()) {
    return gated(layer, activity)
        .vjp(grad_post.n_cols, activity.potential(layer).memptr(), grad_post.memptr(), back,
             grad_potential.memptr());
  }
  if (!dynamics_[layer]) {
    activations_[layer].vjp(activity.potential(layer), activity.post(layer), grad_post,
                            grad_potential);
    return to_drive(layer, grad_potential);
  }
  dynamics_[layer]->vjp(back, activity.potential(layer), activity.course(layer), grad_post,
                        grad_potential);
}

template <class T>
void Network<T>::to_drive(std::size_t layer, arma::Mat<T>& grad_potential) const {
  if (laterals_[layer]) laterals_[layer]->settle_transposed(grad_potential);
}

template <class T>
void Network<T>::connection_vjp(std::size_t connection, const Activity<T>& activity,
                                const arma::Mat<T>& grad_potential, const T* weights, T beta,
                                arma::Mat<T>& grad_pre) const {
  const T* w = weights != nullptr ? weights : weights_[connection].data();
  const T* grad = grad_potential.memptr();
  const std::size_t k = grad_potential.n_cols;
  typename Activity<T>::Workshop& workshop = activity.workshop(connection);
  switch (graph_.connections[connection].way) {
    case Graph::Way::convolution:
      return workshop.convolution->vjp(k, grad, w, beta, grad_pre.memptr());
    case Graph::Way::max_pool:
      return workshop.max_pool->vjp(k, grad, beta, grad_pre.memptr());
    case Graph::Way::dropout:
      return workshop.dropout->apply(k, grad, beta, grad_pre.memptr());
    case Graph::Way::normalise: {
      const arma::Mat<T> post = activity.post(graph_.connections[connection].target);
      return workshop.normalise->vjp(k, post.memptr(), grad, beta, grad_pre.memptr());
    }
    case Graph::Way::flatten:
      if (beta == 0) {
        grad_pre = grad_potential;
      } else {
        grad_pre = beta * grad_pre + grad_potential;
      }
      return;
    case Graph::Way::gated:
      return workshop.gated->source_vjp(k, grad, w, beta, grad_pre.memptr());
    case Graph::Way::plain:
      break;
  }
  gemm<T>(Op::transpose, Op::none, inputs(connection), k, outputs(connection), 1, w, grad, beta,
          grad_pre.memptr());
}

template <class T>
void Network<T>::connection_gradient(std::size_t connection, const Activity<T>& activity,
                                     const arma::Mat<T>& grad_potential, T scale,
                                     arma::Mat<T>& delta) const {
  if (graph_.connections[connection].is_bias) {
    T* d = delta.memptr();
    const T* g = grad_potential.memptr();
    const arma::uword rows = delta.n_rows;
    for (arma::uword at = 0; at < grad_potential.n_elem; at += rows) {
      for (arma::uword i = 0; i < rows; ++i) d[i] += scale * g[at + i];
    }
    return;
  }
  const arma::Mat<T> pre = this->pre(connection, activity);
  if (graph_.connections[connection].way == Graph::Way::convolution) {
    return activity.workshop(connection)
        .convolution->gradient(pre.n_cols, pre.memptr(), grad_potential.memptr(), scale,
                               delta.memptr());
  }
  if (graph_.connections[connection].way == Graph::Way::gated) {
    Gated<T>& units = gated(graph_.connections[connection].target, activity);
    const T* grad = grad_potential.memptr();
    if (graph_.connections[connection].is_recurrent) {
      return units.recurrent_gradient(pre.n_cols, grad, scale, delta.memptr());
    }
    return units.input_gradient(pre.n_cols, pre.memptr(), grad, scale, delta.memptr());
  }
  gemm<T>(Op::none, Op::transpose, outputs(connection), inputs(connection), pre.n_cols, scale,
          grad_potential.memptr(), pre.memptr(), 1, delta.memptr());
}

template struct Noise<float>;
template struct Noise<double>;
template class Activity<float>;
template class Activity<double>;
template class Network<float>;
template class Network<double>;

}  // namespace deltaw
