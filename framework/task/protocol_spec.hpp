// SPDX-License-Identifier: Apache-2.0
// A protocol as the experiment describes it: what is done to a spiking network, and what is
// measured meanwhile. Plain values, times in ms.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>

namespace deltaw {

// from, from + step, ... up to `to`, which a step may miss by a thousandth.
struct SweepSpec {
  double from, to, step;

  [[nodiscard]] std::size_t size() const {
    return 1 + static_cast<std::size_t>(std::floor((to - from) / step + 1e-3));
  }
  [[nodiscard]] double at(std::size_t k) const { return from + static_cast<double>(k) * step; }
};

struct ProtocolSpec {
  // "recording": the input at value 1; what goes in, and how it moves the last layer.
  // "pairing": spikes of the first source, and of the target at a lag: the window of a rule.
  // "current-sweep": one constant current after the other: the f-I curve of the last layer.
  // "rectification": random samples; spike counts against those of a rectified weighted sum.
  std::string type = "recording";
  double show = 1000;               // all but pairing: each
  SweepSpec lags = {-80, 80, 2};    // pairing: from arrival to the target's spike
  std::size_t pairs = 60;           // pairing: at each lag
  double interval = 1000;           // pairing: from pair to pair
  SweepSpec values = {0, 1, 0.02};  // current-sweep: of the input
  std::size_t samples = 200;        // rectification
  double tolerance = 0.05;          // rectification: relative, or one spike where that is more
};

}  // namespace deltaw
