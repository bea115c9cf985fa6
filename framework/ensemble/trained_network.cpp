// SPDX-License-Identifier: Apache-2.0
#include "ensemble/trained_network.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/sha256.hpp"

namespace deltaw {
namespace {

template <class T>
void set_weights(const NpyMatrix& kept, const std::string& name, arma::Mat<T> weights) {
  if (kept.rows != weights.n_rows || kept.columns != weights.n_cols) {
    throw Error(Code::E603, fmt::format("the weights of '{}' do not fit the network", name),
                {.expected = fmt::format("{} x {}", weights.n_rows, weights.n_cols),
                 .found = fmt::format("{} x {}", kept.rows, kept.columns)});
  }
  std::visit(
      [&](const auto& values) {
        std::transform(values.begin(), values.end(), weights.begin(),
                       [](auto value) { return static_cast<T>(value); });
      },
      kept.values);
}

}  // namespace

template <class T>
TrainedNetwork<T> trained_network(const ResultFolder& folder, const Arm& arm, std::uint64_t seed) {
  Network<T> network(make_graph(arm.network));
  Sha256 hash;
  const auto& connections = network.graph().connections;
  for (std::size_t c = 0; c < connections.size(); ++c) {
    if (network.outputs(c) == 0) continue;
    const std::string& name = connections[c].name;
    const NpyMatrix kept = folder.weights(arm.name, seed, name);
    set_weights<T>(kept, name, network.weights(c));
    const std::string bytes = name + '\n' + npy_bytes(kept);
    hash.add(bytes.data(), bytes.size());
  }
  return {std::move(network), hash.hex()};
}

template TrainedNetwork<float> trained_network(const ResultFolder&, const Arm&, std::uint64_t);
template TrainedNetwork<double> trained_network(const ResultFolder&, const Arm&, std::uint64_t);

}  // namespace deltaw
