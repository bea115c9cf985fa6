// SPDX-License-Identifier: Apache-2.0
// What a network of images is most sure of and wrong, and what its first convolution makes of some
// images. Free functions that read a network: any thread.
#pragma once

#include "comparison/outcome.hpp"
#include "task/split.hpp"

namespace deltaw {

// Adds to outcome.arrays, of the test part:
//   mistakes/images   features x n, up to 24 samples whose answer is wrong, the surest first
//   mistakes/answers  4 x n: place in the part, class, answer, probability of the answer
// where the output is a softmax, and of a network with a convolution:
//   maps/images       features x n, the first sample of each of the first three classes
//   maps/activity     units x n of the first convolution
//   maps/shape        3 x 1: its height, width and filters
// REQUIRES: a network without time whose test part is not empty.
template <class T>
void show_images(const Network<T>& network, const Partition<T>& test, RunOutcome& outcome);

extern template void show_images(const Network<float>&, const Partition<float>&, RunOutcome&);
extern template void show_images(const Network<double>&, const Partition<double>&, RunOutcome&);

}  // namespace deltaw
