// SPDX-License-Identifier: Apache-2.0
// A network with the weights that a finished run left. Pure but for reading files: any thread.
#pragma once

#include <cstdint>

#include "experiment/experiment.hpp"
#include "network/network.hpp"
#include "result/folder.hpp"

namespace deltaw {

template <class T>
struct TrainedNetwork {
  Network<T> network;
  std::string sha256;  // of all names and weights
};

// Error: E603 when weights are missing, damaged or of another shape.
template <class T>
[[nodiscard]] TrainedNetwork<T> trained_network(const ResultFolder& folder, const Arm& arm,
                                                std::uint64_t seed);

extern template TrainedNetwork<float> trained_network(const ResultFolder&, const Arm&,
                                                      std::uint64_t);
extern template TrainedNetwork<double> trained_network(const ResultFolder&, const Arm&,
                                                       std::uint64_t);

}  // namespace deltaw
