// SPDX-License-Identifier: Apache-2.0
// The runs of an experiment by number: all arms of a seed, then those of the next. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "comparison/compare.hpp"

namespace deltaw {

// Experiment and arms must outlive it.
struct NumberedRuns {
  const Experiment& experiment;
  const std::vector<PreparedArm>& arms;

  [[nodiscard]] std::size_t count() const { return arms.size() * experiment.seeds.size(); }
  [[nodiscard]] const PreparedArm& arm(std::size_t run) const { return arms[run % arms.size()]; }
  [[nodiscard]] const std::string& name(std::size_t run) const { return arm(run).arm().name; }
  [[nodiscard]] std::uint64_t seed(std::size_t run) const {
    return experiment.seeds[run / arms.size()];
  }
  [[nodiscard]] bool has_ended(std::size_t run, const Earlier& earlier) const {
    return earlier.has_ended && earlier.has_ended(name(run), seed(run));
  }
};

}  // namespace deltaw
