// SPDX-License-Identifier: Apache-2.0
// Connection by connection.
#include "training/weights.hpp"

namespace deltaw {

template <class T>
bool has_finite_weights(const Network<T>& network) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    if (!network.weights(c).is_finite()) return false;
  }
  return true;
}

template <class T>
void save_weights(const Network<T>& network, StateWriter& writer) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    const arma::Mat<T> weights = network.weights(c);
    writer.matrix(network.graph().connections[c].name, weights.memptr(), weights.n_rows,
                  weights.n_cols);
  }
}

template <class T>
void load_weights(Network<T>& network, StateReader& reader) {
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    arma::Mat<T> weights = network.weights(c);
    reader.matrix(network.graph().connections[c].name, weights.memptr(), weights.n_rows,
                  weights.n_cols);
  }
}

template bool has_finite_weights(const Network<float>&);
template bool has_finite_weights(const Network<double>&);
template void save_weights(const Network<float>&, StateWriter&);
template void save_weights(const Network<double>&, StateWriter&);
template void load_weights(Network<float>&, StateReader&);
template void load_weights(Network<double>&, StateReader&);

}  // namespace deltaw
