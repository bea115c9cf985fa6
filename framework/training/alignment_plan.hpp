// SPDX-License-Identifier: Apache-2.0
// Which rules watch a run, and when: plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/drive.hpp"

namespace deltaw {

struct ShadowSpec {
  std::string name;
  DriveSpec drive;  // optimizer and epochs do not matter
};

struct AlignmentPlan {
  std::optional<DriveSpec> reference = {};  // empty: the rules that drive
  std::vector<ShadowSpec> shadows = {};
  std::size_t every = 0;    // updates from one snapshot to the next; 0: a row of the curve
  std::size_t length = 20;  // of these the last are watched
  std::size_t draws = 1;    // asked of rules that explore, in each
};

// When a snapshot is taken: of the last `length` of every `every` updates, and of all.
struct SnapshotTimes {
  std::uint64_t every, length, total;

  [[nodiscard]] bool is_watched(std::uint64_t update) const {
    return end_after(update) - update <= length;
  }
  [[nodiscard]] bool is_last(std::uint64_t update) const { return end_after(update) == update + 1; }

 private:
  [[nodiscard]] std::uint64_t end_after(std::uint64_t update) const {
    return std::min(every * (update / every + 1), std::max(total, update + 1));
  }
};

}  // namespace deltaw
