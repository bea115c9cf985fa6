// SPDX-License-Identifier: Apache-2.0
// One loop a kind of storage.
#include "spiking/synapses.hpp"

#include <algorithm>

#include "spiking/synapse_kernels.hpp"

namespace deltaw {
namespace {

// Targets, times sources, from which on sharing them out is worth it.
constexpr std::size_t k_shared = 8192;
constexpr std::size_t k_line = 64;  // bytes

template <class T>
void add(const DenseSynapses<T>& synapses, std::uint32_t source, T* input, std::size_t units) {
  detail::add_column(synapses.weights.colptr(source), input, units);
}

template <class T>
void add_rows(const DenseSynapses<T>& synapses, std::span<const std::uint32_t> sources, T* input,
              Range rows) {
  for (const std::uint32_t source : sources) {
    detail::add_column(synapses.weights.colptr(source) + rows.first, input + rows.first,
                       rows.last - rows.first);
  }
}

template <class T>
void add(const SparseSynapses<T>& synapses, std::uint32_t source, T* input, std::size_t) {
  for (std::size_t k = synapses.start[source]; k < synapses.start[source + 1]; ++k) {
    input[synapses.targets[k]] += synapses.weights[k];
  }
}

template <class T>
void add(const PairSynapses<T>& synapses, std::uint32_t source, T* input, std::size_t) {
  input[source] += synapses.weights[source];
}

template <class T>
void add(const AllButSelfSynapses<T>& synapses, std::uint32_t source, T* input, std::size_t units) {
  const T own = input[source];
  detail::add_constant(synapses.weight, input, units);
  input[source] = own;
}

template <class T>
void scatter(const DenseSynapses<T>& synapses, std::uint32_t source, T* const* slots) {
  detail::scatter_column(synapses.weights.colptr(source), synapses.delays.colptr(source), slots,
                         synapses.weights.n_rows);
}

template <class T>
void scatter(const SparseSynapses<T>& synapses, std::uint32_t source, T* const* slots) {
  for (std::size_t k = synapses.start[source]; k < synapses.start[source + 1]; ++k) {
    slots[synapses.delays[k]][synapses.targets[k]] += synapses.weights[k];
  }
}

}  // namespace

template <class T>
void add_weights(const Synapses<T>& synapses, std::span<const std::uint32_t> sources, T* input,
                 std::size_t units, Team* team) {
  const auto* dense = std::get_if<DenseSynapses<T>>(&synapses);
  if (dense != nullptr && team != nullptr && units * sources.size() >= k_shared) {
    team->run([&](std::size_t k) {
      add_rows(*dense, sources, input, share_of(units, k, team->members(), k_line / sizeof(T)));
    });
    return;
  }
  std::visit(
      [&](const auto& kind) {
        for (const std::uint32_t source : sources) add(kind, source, input, units);
      },
      synapses);
}

template <class T>
void scatter_weights(const Synapses<T>& synapses, std::span<const std::uint32_t> sources,
                     DelayRing<T>& ring) {
  if (sources.empty()) return;
  T* const* slots = ring.slots();
  const auto* dense = std::get_if<DenseSynapses<T>>(&synapses);
  for (const std::uint32_t source : sources) {
    if (dense != nullptr) {
      scatter(*dense, source, slots);
    } else {
      scatter(std::get<SparseSynapses<T>>(synapses), source, slots);
    }
  }
}

template <class T>
std::vector<std::uint32_t> fan_out(const Synapses<T>& synapses, std::size_t outputs,
                                   std::size_t inputs) {
  std::vector<std::uint32_t> counts(inputs, static_cast<std::uint32_t>(outputs));
  if (const auto* dense = std::get_if<DenseSynapses<T>>(&synapses)) {
    for (std::size_t source = 0; source < inputs && !dense->delays.empty(); ++source) {
      const arma::u8* delays = dense->delays.colptr(source);
      counts[source] -= static_cast<std::uint32_t>(
          std::count(delays, delays + outputs, DelayRing<T>::k_no_synapse));
    }
  } else if (const auto* sparse = std::get_if<SparseSynapses<T>>(&synapses)) {
    for (std::size_t source = 0; source < inputs; ++source) {
      counts[source] =
          static_cast<std::uint32_t>(sparse->start[source + 1] - sparse->start[source]);
    }
  } else if (std::holds_alternative<PairSynapses<T>>(synapses)) {
    counts.assign(inputs, 1);
  } else {
    counts.assign(inputs, static_cast<std::uint32_t>(outputs - 1));
  }
  return counts;
}

template <class T>
arma::Mat<T> as_matrix(const Synapses<T>& synapses, std::size_t outputs, std::size_t inputs) {
  arma::Mat<T> matrix(outputs, inputs, arma::fill::zeros);
  for (std::uint32_t source = 0; source < inputs; ++source) {
    add_weights(synapses, {&source, 1}, matrix.colptr(source), outputs);
  }
  return matrix;
}

template void add_weights(const Synapses<float>&, std::span<const std::uint32_t>, float*,
                          std::size_t, Team*);
template void add_weights(const Synapses<double>&, std::span<const std::uint32_t>, double*,
                          std::size_t, Team*);
template void scatter_weights(const Synapses<float>&, std::span<const std::uint32_t>,
                              DelayRing<float>&);
template void scatter_weights(const Synapses<double>&, std::span<const std::uint32_t>,
                              DelayRing<double>&);
template std::vector<std::uint32_t> fan_out(const Synapses<float>&, std::size_t, std::size_t);
template std::vector<std::uint32_t> fan_out(const Synapses<double>&, std::size_t, std::size_t);
template arma::Mat<float> as_matrix(const Synapses<float>&, std::size_t, std::size_t);
template arma::Mat<double> as_matrix(const Synapses<double>&, std::size_t, std::size_t);

}  // namespace deltaw
