// SPDX-License-Identifier: Apache-2.0
// A data set divided into training, validation and test part, scaled and in the run's precision.
// Pure function: any thread.
#pragma once

#include <armadillo>
#include <cstdint>
#include <vector>

#include "task/dataset.hpp"

namespace deltaw {

template <class T>
struct Partition {
  arma::Mat<T> inputs;                // features x samples
  std::vector<std::uint32_t> labels;  // one a sample
  arma::Mat<T> targets;               // classes x samples

  [[nodiscard]] std::size_t size() const { return labels.size(); }
};

template <class T>
struct Split {
  Partition<T> train, validation, test;
};

// Depends on the data, the spec and the seed (the split's own, where it has one) alone; no sample
// is used twice, and all are used when the shares add up to 1 and nothing is limited. Within a part
// samples keep the order of the data. Errors: E403 negative values with "unit"; E404 impossible
// split; E503 unknown scale or targets.
template <class T>
[[nodiscard]] Split<T> make_split(const Dataset& data, const TaskSpec& spec, std::uint64_t seed);

extern template Split<float> make_split(const Dataset&, const TaskSpec&, std::uint64_t);
extern template Split<double> make_split(const Dataset&, const TaskSpec&, std::uint64_t);

}  // namespace deltaw
