// SPDX-License-Identifier: Apache-2.0
// All sources of a spiking network: they turn a sample into what goes in, step by step. One thread
// an object.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spiking/input.hpp"
#include "spiking/network.hpp"

namespace deltaw {

// The sample goes to the first source; all units of the others are at value 1.
template <class T>
class Sources {
 public:
  // REQUIRES: a spec that resolve() has passed. Errors: those of Encoder.
  explicit Sources(const SpikingSpec& spec);

  // Draws what goes in while `values` (one for each unit of the first source, 0 to 1) are shown
  // for `show` ms; `gain` multiplies rates and currents of the first source. Keyed by (seed,
  // purpose, number), other sources by their names, too. Errors: those of Encoder::encode().
  void encode(std::span<const T> values, double gain, double show, std::uint64_t seed,
              std::string_view purpose, std::uint64_t number);
  // So many steps it takes to show them.
  [[nodiscard]] std::size_t steps() const { return sources_.front().encoder.steps(); }
  // A step of the network, the t-th of the presentation: nothing goes in from steps() on.
  void step(SpikingNetwork<T>& network, std::size_t t) const;

 private:
  struct Source {
    std::size_t layer;
    std::string name;
    bool is_current;
    double amplitude;
    Encoder<T> encoder;
    arma::Col<T> full, current;  // all at value 1; what a source of currents gives
  };

  std::vector<Source> sources_;
};

extern template class Sources<float>;
extern template class Sources<double>;

}  // namespace deltaw
