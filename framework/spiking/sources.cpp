// SPDX-License-Identifier: Apache-2.0
#include "spiking/sources.hpp"

#include <fmt/format.h>

namespace deltaw {

template <class T>
Sources<T>::Sources(const SpikingSpec& spec) {
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const SpikingLayerSpec& layer = spec.layers[i];
    if (!layer.is_source) continue;
    sources_.push_back({i,
                        layer.name,
                        layer.source.type == "current",
                        layer.source.amplitude,
                        Encoder<T>(layer.source, layer.units, spec.dt),
                        arma::Col<T>(layer.units, arma::fill::ones),
                        {}});
  }
}

template <class T>
void Sources<T>::encode(std::span<const T> values, double gain, double show, std::uint64_t seed,
                        std::string_view purpose, std::uint64_t number) {
  for (Source& source : sources_) {
    const bool is_first = &source == &sources_.front();
    const std::span<const T> shown =
        is_first ? values : std::span<const T>(source.full.memptr(), source.full.n_elem);
    const double own_gain = is_first ? gain : 1;
    const std::string key =
        is_first ? std::string(purpose) : fmt::format("{}/{}", purpose, source.name);
    source.encoder.encode(shown, own_gain, show, seed, key, number);
    if (!source.is_current) continue;
    source.current = arma::Col<T>(shown.data(), shown.size());
    source.current *= static_cast<T>(own_gain * source.amplitude);
  }
}

template <class T>
void Sources<T>::step(SpikingNetwork<T>& network, std::size_t t) const {
  std::span<const std::uint32_t> input;
  for (const Source& source : sources_) {
    if (source.is_current) {
      if (t == 0) network.inject(source.layer, source.current);
      if (t == steps()) network.inject(source.layer, arma::Col<T>(source.full.n_elem));
    } else if (t < steps() && source.layer == network.input()) {
      input = source.encoder.at(t);
    } else if (t < steps()) {
      network.feed(source.layer, source.encoder.at(t));
    }
  }
  network.step(input);
}

template class Sources<float>;
template class Sources<double>;

}  // namespace deltaw
