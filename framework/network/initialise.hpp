// SPDX-License-Identifier: Apache-2.0
// Initial weights. Each connection draws from its own stream, keyed by (seed, its name), so that
// networks which share a connection share its draws. One thread a network.
#pragma once

#include <armadillo>
#include <cstdint>

#include "network/network.hpp"

namespace deltaw {

// Sets every connection as its InitSpec says: Glorot and Bengio 2010, He et al. 2015 (uniform and
// normal forms), normal, uniform, abs-normal, zeros, constant, orthogonal (Saxe et al. 2013,
// arXiv:1312.6120), forget-gates, select, excitatory-inhibitory; draws
// which synapses exist where the density is below 1 (fan in counts those to be expected); then in
// layer order every "balance" connection, so that over `samples` (input units x n) the mean
// potential of each target unit is 0. The last step of each is its constraint's sign, by
// reflection. Throws E503 for an unknown type, for units to select or silence that there are not,
// for "balance" without samples, of a sparse connection, into
// a layer with lateral connections, or from a layer that is silent on all
// samples, for classes of sources that are too small for what is drawn from them, for
// "forget-gates" where there are none, and where "excitatory-inhibitory" meets a density.
template <class T>
void initialise(Network<T>& network, std::uint64_t seed, const arma::Mat<T>& samples);

extern template void initialise<float>(Network<float>&, std::uint64_t, const arma::fmat&);
extern template void initialise<double>(Network<double>&, std::uint64_t, const arma::mat&);

[[nodiscard]] const std::vector<std::string>& initialiser_names();

}  // namespace deltaw
