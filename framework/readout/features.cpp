// SPDX-License-Identifier: Apache-2.0
// Blocks that stay in the cache.
#include "readout/features.hpp"

#include <algorithm>
#include <vector>

namespace deltaw {

template <class T>
void present(const Network<T>& network, std::size_t layer, const arma::Mat<T>& inputs,
             std::size_t stride,
             const std::function<void(std::size_t, const arma::Mat<T>&)>& each) {
  const std::size_t count = (inputs.n_cols + stride - 1) / stride;
  const std::size_t block = network.graph().block();
  Activity<T> activity(network.graph(), std::min(block, count));
  std::vector<bool> wanted(network.graph().layers.size());
  wanted[layer] = true;
  network.graph().add_sources(wanted);
  for (std::size_t first = 0; first < count; first += block) {
    activity.set_columns(std::min(block, count - first));
    arma::Mat<T> shown = activity.post(network.graph().input);
    for (std::size_t k = 0; k < shown.n_cols; ++k) {
      std::copy_n(inputs.colptr((first + k) * stride), inputs.n_rows, shown.colptr(k));
    }
    network.forward(activity, wanted);
    each(first, activity.post(layer));
  }
}

template <class T>
arma::Mat<T> features_of(const Network<T>& network, std::size_t layer, const arma::Mat<T>& inputs,
                         std::size_t stride) {
  arma::Mat<T> features(network.graph().layers[layer].units, (inputs.n_cols + stride - 1) / stride,
                        arma::fill::none);
  present<T>(network, layer, inputs, stride, [&](std::size_t first, const arma::Mat<T>& block) {
    std::copy(block.begin(), block.end(), features.colptr(first));
  });
  return features;
}

template void present(const Network<float>&, std::size_t, const arma::Mat<float>&, std::size_t,
                      const std::function<void(std::size_t, const arma::Mat<float>&)>&);
template void present(const Network<double>&, std::size_t, const arma::Mat<double>&, std::size_t,
                      const std::function<void(std::size_t, const arma::Mat<double>&)>&);
template arma::Mat<float> features_of(const Network<float>&, std::size_t, const arma::Mat<float>&,
                                      std::size_t);
template arma::Mat<double> features_of(const Network<double>&, std::size_t,
                                       const arma::Mat<double>&, std::size_t);

}  // namespace deltaw
