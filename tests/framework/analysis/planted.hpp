// SPDX-License-Identifier: Apache-2.0
// Recordings of which it is known what they hold: four kinds of trial (AA, AB, BA, BB), noise, and
// a signal for each kind, unit and step that the test plants.
#pragma once

#include <functional>

#include "analysis/recording.hpp"
#include "core/random.hpp"

namespace deltaw {

inline const Levels first_stimulus = {0, 0, 1, 1}, second_stimulus = {0, 1, 0, 1},
                    response = {0, 1, 1, 0};

// -1 or +1.
inline double sign_of(const Levels& factor, std::uint32_t kind) { return 2.0 * factor[kind] - 1; }

using Signal = std::function<double(std::uint32_t kind, std::size_t unit, std::size_t step)>;

inline Recording planted(std::size_t trials_of_each, std::size_t units, std::size_t steps,
                         double noise, const Signal& signal) {
  Recording recording;
  Random random(7, "planted");
  for (std::size_t k = 0; k < 4 * trials_of_each; ++k) {
    const auto kind = static_cast<std::uint32_t>(k % 4);
    arma::fmat activity(units, steps);
    for (std::size_t step = 0; step < steps; ++step) {
      for (std::size_t unit = 0; unit < units; ++unit) {
        activity(unit, step) =
            static_cast<float>(signal(kind, unit, step) + noise * random.normal());
      }
    }
    recording.activity.push_back(activity);
    recording.kind.push_back(kind);
  }
  return recording;
}

}  // namespace deltaw
