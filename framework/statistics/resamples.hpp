// SPDX-License-Identifier: Apache-2.0
// Which data each bootstrap resample holds: drawn once, for all statistics of data of one shape.
// Const after construction: any thread; a Bootstrap is of one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace deltaw {

inline constexpr std::size_t bootstrap_resamples = 10'000;

// How often each datum is in one sample, all strata one after the other.
using Counts = std::span<const std::uint16_t>;

// Data in strata (the runs of one rule on one task, say), each resampled apart with replacement to
// its own size. Draws pick places, not ranks, so that negated data give negated statistics; they
// are keyed by purpose and stratum, so that the same shape gives the same resamples.
class Resamples {
 public:
  // REQUIRES: sizes of 1 to 65535.
  explicit Resamples(std::vector<std::size_t> sizes, std::size_t replicates = bootstrap_resamples);

  [[nodiscard]] std::span<const std::size_t> sizes() const { return sizes_; }
  [[nodiscard]] std::size_t data() const { return data_; }
  [[nodiscard]] std::size_t replicates() const { return counts_.size() / data_; }
  [[nodiscard]] Counts of(std::size_t replicate) const {
    return Counts(counts_).subspan(replicate * data_, data_);
  }

 private:
  std::vector<std::size_t> sizes_;
  std::size_t data_;
  std::vector<std::uint16_t> counts_;  // replicates x data
};

// Resamples by shape, each drawn when it is first asked for.
class Bootstrap {
 public:
  explicit Bootstrap(std::size_t replicates = bootstrap_resamples) : replicates_(replicates) {}

  [[nodiscard]] const Resamples& of(const std::vector<std::size_t>& sizes);

 private:
  std::size_t replicates_;
  std::map<std::vector<std::size_t>, Resamples> by_sizes_;
};

}  // namespace deltaw
