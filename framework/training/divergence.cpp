// SPDX-License-Identifier: Apache-2.0
// What remains of a driver's last ΔW says where it was not finite.
#include "training/divergence.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace deltaw {

namespace {

template <class T>
arma::uword first_not_finite(const arma::Mat<T>& values) {
  return arma::uvec(arma::find_nonfinite(values))[0];
}

template <class T>
std::string name_of(const Network<T>& network, std::size_t connection, const arma::Mat<T>& values,
                    arma::uword place) {
  const Graph& graph = network.graph();
  return fmt::format("weight ({}, {}) of connection '{}' into layer '{}'", place % values.n_rows,
                     place / values.n_rows, graph.connections[connection].name,
                     graph.layers[graph.connections[connection].target].name);
}

template <class T>
void refuse_changes(const Network<T>& network,
                    const std::vector<std::unique_ptr<Driver<T>>>& drivers, std::string_view when) {
  for (const auto& driver : drivers) {
    for (std::size_t i = 0; i < driver->connections().size(); ++i) {
      const arma::Mat<T> delta = driver->delta(i);
      if (delta.is_finite()) continue;
      const std::string& id = driver->rule().id;
      throw Error(
          Code::E304,
          fmt::format("the ΔW of '{}' for {} was not finite in {}", id,
                      name_of(network, driver->connections()[i], delta, first_not_finite(delta)),
                      when),
          {.hint = fmt::format("deltaw check {}, whose ΔW ought to be finite; if it passes, {}", id,
                               k_diverged_hint)});
    }
  }
}

}  // namespace

template <class T>
void refuse_weights(const Network<T>& network,
                    const std::vector<std::unique_ptr<Driver<T>>>& drivers, std::string_view when) {
  refuse_changes(network, drivers, when);
  std::size_t c = 0;
  while (network.weights(c).is_finite()) ++c;
  const arma::Mat<T> weights = network.weights(c);
  const arma::uword place = first_not_finite(weights);
  throw Error(
      Code::E304,
      fmt::format("{} became {} by {}", name_of(network, c, weights, place), weights[place], when),
      {.hint = k_diverged_hint});
}

template void refuse_weights(const Network<float>&,
                             const std::vector<std::unique_ptr<Driver<float>>>&, std::string_view);
template void refuse_weights(const Network<double>&,
                             const std::vector<std::unique_ptr<Driver<double>>>&, std::string_view);

}  // namespace deltaw
