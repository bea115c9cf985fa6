// SPDX-License-Identifier: Apache-2.0
// The activity of one layer over many samples. Free functions that read a network: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <functional>

#include "network/network.hpp"

namespace deltaw {

// Every `stride`-th sample from the first on, as blocks: each(first, block) gets the place of the
// block's first sample among those shown and its activity, units x samples, valid during the call.
// `inputs` are features x samples. REQUIRES: stride > 0; a network without time.
template <class T>
void present(const Network<T>& network, std::size_t layer, const arma::Mat<T>& inputs,
             std::size_t stride, const std::function<void(std::size_t, const arma::Mat<T>&)>& each);

// units x samples, of every `stride`-th sample.
template <class T>
[[nodiscard]] arma::Mat<T> features_of(const Network<T>& network, std::size_t layer,
                                       const arma::Mat<T>& inputs, std::size_t stride = 1);

extern template arma::Mat<float> features_of(const Network<float>&, std::size_t,
                                             const arma::Mat<float>&, std::size_t);
extern template arma::Mat<double> features_of(const Network<double>&, std::size_t,
                                              const arma::Mat<double>&, std::size_t);

}  // namespace deltaw
