// SPDX-License-Identifier: Apache-2.0
// The C functions: check every index and shape, then call the network.
#include "network/service.hpp"

namespace deltaw {

template <class T>
struct NetworkService<T>::Calls {
  static NetworkService& of(void* ctx) { return *static_cast<NetworkService*>(ctx); }
  static std::size_t columns(const NetworkService& s) { return s.activity_.columns(); }
  static const std::vector<Graph::Layer>& layers(const NetworkService& s) {
    return s.network_.graph().layers;
  }
  static const std::vector<Graph::Connection>& connections(const NetworkService& s) {
    return s.network_.graph().connections;
  }

  static bool fits(const deltaw_matrix* m, std::size_t rows, std::size_t cols) {
    return m != nullptr && m->data != nullptr && m->rows == rows && m->cols == cols &&
           m->ld == rows && m->dtype == dtype_number<T>;
  }
  static arma::Mat<T> view_of(const deltaw_matrix* m) {
    return view(static_cast<T*>(m->data), m->rows, m->cols);
  }

  static deltaw_status layer(void* ctx, std::uint32_t index, deltaw_layer_info* out) {
    const NetworkService& s = of(ctx);
    if (index >= layers(s).size()) return DELTAW_E_INVALID_ARGUMENT;
    const Graph::Layer& l = layers(s)[index];
    out->flags = 0;
    if (l.is_input) out->flags |= DELTAW_LAYER_INPUT;
    if (l.is_output) out->flags |= DELTAW_LAYER_OUTPUT;
    out->name = l.name.c_str();
    out->units = l.units;
    out->potentials = l.potentials();
    return DELTAW_OK;
  }

  static deltaw_status connection(void* ctx, std::uint32_t index, deltaw_connection_info* out) {
    const NetworkService& s = of(ctx);
    if (index >= connections(s).size()) return DELTAW_E_INVALID_ARGUMENT;
    const Graph::Connection& c = connections(s)[index];
    out->flags = 0;
    if (c.is_bias) out->flags |= DELTAW_CONNECTION_BIAS;
    if (c.is_recurrent) out->flags |= DELTAW_CONNECTION_RECURRENT;
    out->name = c.name.c_str();
    out->source = static_cast<std::uint32_t>(c.source);
    out->target = static_cast<std::uint32_t>(c.target);
    out->outputs = s.network_.outputs(index);
    out->inputs = s.network_.inputs(index);
    out->delta = s.delta_of_[index];
    return DELTAW_OK;
  }

  static deltaw_status signal(void* ctx, std::uint32_t signal, std::uint32_t index,
                              deltaw_matrix* out) {
    NetworkService& s = of(ctx);
    const std::size_t k = columns(s);
    const auto give = [out](const arma::Mat<T>& m) {
      *out = readonly(m.memptr(), m.n_rows, m.n_cols);
      return DELTAW_OK;
    };
    if (signal == DELTAW_PRE || signal == DELTAW_WEIGHTS) {
      if (index >= connections(s).size()) return DELTAW_E_INVALID_ARGUMENT;
      const Graph::Connection& c = connections(s)[index];
      if (c.way != Graph::Way::plain) {
        s.refused_ = c.name;
        if (signal == DELTAW_PRE || c.outputs == 0) return DELTAW_E_UNSUPPORTED;
      }
      return give(signal == DELTAW_PRE ? s.network_.pre(index, s.activity_)
                                       : s.network_.weights(index));
    }
    if (index >= layers(s).size()) return DELTAW_E_INVALID_ARGUMENT;
    const Graph::Layer& l = layers(s)[index];
    if (signal == DELTAW_POST) return give(s.activity_.post(index));
    if (l.gated.exists()) {
      s.refused_ = connections(s)[*l.recurrent].name;
      return DELTAW_E_UNSUPPORTED;
    }
    if (signal == DELTAW_POTENTIAL && !l.incoming.empty()) {
      return give(s.activity_.potential(index));
    }
    if (signal == DELTAW_TARGET && l.is_output) return give(s.target_.first(k));
    if (signal == DELTAW_DERIVATIVE && !l.incoming.empty()) {
      Buffer<T>& memory = s.derivatives_[index];
      if (memory.size() == 0) memory = Buffer<T>(l.units, s.activity_.max_columns());
      arma::Mat<T> derivative = memory.first(k);
      s.network_.activation(index).derivative(s.activity_.potential(index), s.activity_.post(index),
                                              derivative);
      return give(derivative);
    }
    if (signal == DELTAW_ERROR && l.is_output) {
      Buffer<T>& memory = s.errors_[index];
      if (memory.size() == 0) memory = Buffer<T>(l.units, s.activity_.max_columns());
      arma::Mat<T> error = memory.first(k);
      error = s.target_.first(k) - s.activity_.post(index);
      clear_outside(s.counted_, error);
      return give(error);
    }
    return DELTAW_E_UNSUPPORTED;
  }

  static deltaw_status loss_gradient(void* ctx, std::uint32_t index, const deltaw_matrix* out) {
    const NetworkService& s = of(ctx);
    if (index >= layers(s).size() || !layers(s)[index].is_output) return DELTAW_E_INVALID_ARGUMENT;
    if (!fits(out, layers(s)[index].units, columns(s))) return DELTAW_E_INVALID_ARGUMENT;
    const Window& counted = s.counted_;
    const auto part = [&](const arma::Mat<T>& m) {
      return view(const_cast<T*>(m.colptr(counted.first)), m.n_rows, counted.size());
    };
    arma::Mat<T> all = view_of(out);
    if (counted.size() < all.n_cols) all.zeros();
    arma::Mat<T> gradient = part(all);
    s.loss_.gradient(part(s.activity_.potential(index)), part(s.activity_.post(index)),
                     part(s.target_.all()), gradient);
    if (!layers(s)[index].has_time()) s.network_.to_drive(index, gradient);
    return DELTAW_OK;
  }

  static deltaw_status layer_vjp(void* ctx, std::uint32_t index, const deltaw_matrix* grad_post,
                                 const deltaw_matrix* feedback,
                                 const deltaw_matrix* grad_potential) {
    NetworkService& s = of(ctx);
    if (index >= layers(s).size() || layers(s)[index].incoming.empty()) {
      return DELTAW_E_INVALID_ARGUMENT;
    }
    const Graph::Layer& l = layers(s)[index];
    if (feedback != nullptr && !l.recurrent) return DELTAW_E_UNSUPPORTED;
    if (!fits(grad_post, l.units, columns(s)) ||
        !fits(grad_potential, l.potentials(), columns(s))) {
      return DELTAW_E_INVALID_ARGUMENT;
    }
    if (l.recurrent) {
      const Graph::Connection& own = connections(s)[*l.recurrent];
      if (feedback != nullptr && !fits(feedback, own.outputs, own.inputs)) {
        return DELTAW_E_INVALID_ARGUMENT;
      }
      s.multiply_adds_ += own.multiply_adds() * columns(s);
    }
    arma::Mat<T> out = view_of(grad_potential);
    s.network_.layer_vjp(index, s.activity_, view_of(grad_post),
                         feedback != nullptr ? static_cast<const T*>(feedback->data) : nullptr,
                         out);
    return DELTAW_OK;
  }

  static deltaw_status connection_vjp(void* ctx, std::uint32_t index,
                                      const deltaw_matrix* grad_potential,
                                      const deltaw_matrix* weights, double beta,
                                      const deltaw_matrix* grad_pre) {
    NetworkService& s = of(ctx);
    if (index >= connections(s).size()) return DELTAW_E_INVALID_ARGUMENT;
    const Graph::Connection& c = connections(s)[index];
    const std::size_t above = layers(s)[c.target].potentials(), below = layers(s)[c.source].units;
    const bool has_own = weights != nullptr && c.outputs > 0;
    if (!fits(grad_potential, above, columns(s)) || !fits(grad_pre, below, columns(s)) ||
        (has_own && !fits(weights, c.outputs, c.inputs))) {
      return DELTAW_E_INVALID_ARGUMENT;
    }
    arma::Mat<T> out = view_of(grad_pre);
    s.multiply_adds_ += c.multiply_adds() * columns(s);
    s.network_.connection_vjp(index, s.activity_, view_of(grad_potential),
                              has_own ? static_cast<const T*>(weights->data) : nullptr,
                              static_cast<T>(beta), out);
    return DELTAW_OK;
  }

  static deltaw_status connection_gradient(void* ctx, std::uint32_t index,
                                           const deltaw_matrix* grad_potential, double scale,
                                           const deltaw_matrix* delta) {
    NetworkService& s = of(ctx);
    if (index >= connections(s).size()) return DELTAW_E_INVALID_ARGUMENT;
    const Graph::Connection& c = connections(s)[index];
    if (!fits(grad_potential, layers(s)[c.target].potentials(), columns(s)) ||
        !fits(delta, c.outputs, c.inputs)) {
      return DELTAW_E_INVALID_ARGUMENT;
    }
    arma::Mat<T> out = view_of(delta);
    s.multiply_adds_ += c.multiply_adds() * columns(s);
    s.network_.connection_gradient(index, s.activity_, view_of(grad_potential),
                                   static_cast<T>(scale), out);
    return DELTAW_OK;
  }
};

template <class T>
NetworkService<T>::NetworkService(const Network<T>& network, const Activity<T>& activity,
                                  const Loss<T>& loss, const Buffer<T>& target,
                                  const Window& counted, const std::vector<std::size_t>& driven)
    : network_(network),
      activity_(activity),
      loss_(loss),
      target_(target),
      counted_(counted),
      delta_of_(network.graph().connections.size(), -1),
      derivatives_(network.graph().layers.size()),
      errors_(network.graph().layers.size()) {
  for (std::size_t i = 0; i < driven.size(); ++i) {
    delta_of_[driven[i]] = static_cast<std::int64_t>(i);
  }
  table_ = {sizeof table_,
            static_cast<std::uint32_t>(network.graph().layers.size()),
            static_cast<std::uint32_t>(network.graph().connections.size()),
            0,
            this,
            &Calls::layer,
            &Calls::connection,
            &Calls::signal,
            &Calls::loss_gradient,
            &Calls::layer_vjp,
            &Calls::connection_vjp,
            &Calls::connection_gradient};
}

template class NetworkService<float>;
template class NetworkService<double>;

}  // namespace deltaw
