// SPDX-License-Identifier: Apache-2.0
// Spikes from a text file. Pure function: any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace deltaw {

struct StepSpike {
  std::uint64_t step;
  std::uint32_t unit;
};

// The step of dt in which `ms` lies; 1e-3 steps to spare for rounding.
[[nodiscard]] std::uint64_t step_at(double ms, double dt);

// One spike a line, "unit,time_ms", ordered by time; a first line without numbers is a header. The
// file may be compressed. By step, and in a step by unit. Errors: E400 missing, E401 damaged, E403
// no unit (or not below `units`), no time or a negative one, two spikes of a unit in a step; E414
// times that go back. Each names the line.
[[nodiscard]] std::vector<StepSpike> read_spikes(const std::filesystem::path& file,
                                                 std::size_t units, double dt);

}  // namespace deltaw
