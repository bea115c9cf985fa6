// SPDX-License-Identifier: Apache-2.0
// Units that act on each other both ways until they rest. With post s = f(z), all layers at once,
//   z <- z + step (W s_below + Σ Wᵀ s_above + b - β dL/ds - z)
// goes down the energy Σ G(s) - ½ Σ s W s - Σ b s + β L, where G' is the inverse of f (Hopfield
// 1984, doi:10.1073/pnas.81.10.3088). Where f is the hard sigmoid it rests where the units of
// Scellier and Bengio 2017 (doi:10.3389/fncom.2017.00024) do, whose z is held within 0 and 1 on the
// way.
#include "core/blas.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"

namespace deltaw {

// What comes from the input and the biases, which do not move while the others settle.
template <class T>
void Network<T>::gather_arriving(Activity<T>& activity, const Noise<T>* noise,
                                 const Window& part) const {
  for (std::size_t layer = 0; layer < graph_.layers.size(); ++layer) {
    if (graph_.layers[layer].incoming.empty()) continue;
    arma::Mat<T> arriving = columns_of(activity.arriving(layer), part);
    arriving.zeros();
    for (const std::size_t c : graph_.layers[layer].incoming) {
      const std::size_t source = graph_.connections[c].source;
      if (!graph_.layers[source].incoming.empty()) continue;
      const arma::Mat<T> pre = columns_of(activity.post(source), part);
      gemm<T>(Op::none, Op::none, outputs(c), pre.n_cols, inputs(c), 1, weights_[c].data(),
              pre.memptr(), 1, arriving.memptr());
    }
    if (noise != nullptr) noise->add_to(layer, part, arriving);
  }
}

// That, and what the layers below and above bring as they are now.
template <class T>
void Network<T>::gather_drive(std::size_t layer, const Activity<T>& activity, const Window& part,
                              arma::Mat<T>& drive) const {
  drive = columns_of(activity.arriving(layer), part);
  for (std::size_t c = 0; c < graph_.connections.size(); ++c) {
    const Graph::Connection& connection = graph_.connections[c];
    const bool is_from_below = connection.target == layer;
    if (!is_from_below && connection.source != layer) continue;
    if (graph_.layers[connection.source].incoming.empty()) continue;
    const std::size_t other = is_from_below ? connection.source : connection.target;
    const arma::Mat<T> post = columns_of(activity.post(other), part);
    gemm<T>(is_from_below ? Op::none : Op::transpose, Op::none, drive.n_rows, drive.n_cols,
            post.n_rows, 1, weights_[c].data(), post.memptr(), 1, drive.memptr());
  }
}

template <class T>
void Network<T>::settle(Activity<T>& activity, const Window& part, std::size_t steps,
                        const Nudge<T>* nudge) const {
  const auto step = static_cast<T>(graph_.settling.step);
  for (std::size_t n = 0; n < steps; ++n) {
    for (std::size_t layer = 0; layer < graph_.layers.size(); ++layer) {
      if (graph_.layers[layer].incoming.empty()) continue;
      arma::Mat<T> drive = columns_of(activity.drive(layer), part);
      gather_drive(layer, activity, part, drive);
      if (nudge == nullptr || layer != graph_.output) continue;
      const arma::Mat<T> post = columns_of(activity.post(layer), part);
      nudge->loss.push(post, columns_of(nudge->target, part), nudge->strength, drive);
    }
    for (std::size_t layer = 0; layer < graph_.layers.size(); ++layer) {
      if (graph_.layers[layer].incoming.empty()) continue;
      const arma::Mat<T> drive = columns_of(activity.drive(layer), part);
      arma::Mat<T> potential = columns_of(activity.potential(layer), part);
      arma::Mat<T> post = columns_of(activity.post(layer), part);
      potential += step * (drive - potential);
      activate(layer, potential, post);
    }
  }
}

template <class T>
void Network<T>::settle(Activity<T>& activity, const Noise<T>* noise, const Window& part) const {
  gather_arriving(activity, noise, part);
  for (std::size_t layer = 0; layer < graph_.layers.size(); ++layer) {
    if (graph_.layers[layer].incoming.empty()) continue;
    arma::Mat<T> potential = columns_of(activity.potential(layer), part);
    arma::Mat<T> post = columns_of(activity.post(layer), part);
    potential.zeros();
    activate(layer, potential, post);
  }
  settle(activity, part, graph_.settling.free_steps, nullptr);
}

template <class T>
void Network<T>::settle(Activity<T>& activity, const Nudge<T>& nudge) const {
  const Window whole{0, activity.columns()};
  gather_arriving(activity, nullptr, whole);
  settle(activity, whole, graph_.settling.nudged_steps, &nudge);
}

// What this file defines; all else of the network is in network.cpp.
template void Network<float>::settle(Activity<float>&, const Nudge<float>&) const;
template void Network<float>::settle(Activity<float>&, const Noise<float>*, const Window&) const;
template void Network<float>::settle(Activity<float>&, const Window&, std::size_t,
                                     const Nudge<float>*) const;
template void Network<float>::gather_arriving(Activity<float>&, const Noise<float>*,
                                              const Window&) const;
template void Network<float>::gather_drive(std::size_t, const Activity<float>&, const Window&,
                                           arma::Mat<float>&) const;
template void Network<double>::settle(Activity<double>&, const Nudge<double>&) const;
template void Network<double>::settle(Activity<double>&, const Noise<double>*, const Window&) const;
template void Network<double>::settle(Activity<double>&, const Window&, std::size_t,
                                      const Nudge<double>*) const;
template void Network<double>::gather_arriving(Activity<double>&, const Noise<double>*,
                                               const Window&) const;
template void Network<double>::gather_drive(std::size_t, const Activity<double>&, const Window&,
                                            arma::Mat<double>&) const;

}  // namespace deltaw
