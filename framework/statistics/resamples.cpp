// SPDX-License-Identifier: Apache-2.0
#include "statistics/resamples.hpp"

#include <cassert>
#include <limits>
#include <numeric>
#include <utility>

#include "core/random.hpp"

namespace deltaw {

Resamples::Resamples(std::vector<std::size_t> sizes, std::size_t replicates)
    : sizes_(std::move(sizes)),
      data_(std::accumulate(sizes_.begin(), sizes_.end(), std::size_t{0})),
      counts_(replicates * data_) {
  std::size_t first = 0;
  for (std::size_t stratum = 0; stratum < sizes_.size(); ++stratum) {
    const std::size_t size = sizes_[stratum];
    assert(size > 0 && size <= std::numeric_limits<std::uint16_t>::max());
    Random random(0, "bootstrap", stratum);
    for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
      std::uint16_t* const counts = counts_.data() + replicate * data_ + first;
      for (std::size_t draw = 0; draw < size; ++draw) ++counts[random.below(size)];
    }
    first += size;
  }
}

const Resamples& Bootstrap::of(const std::vector<std::size_t>& sizes) {
  return by_sizes_.try_emplace(sizes, sizes, replicates_).first->second;
}

}  // namespace deltaw
