// SPDX-License-Identifier: Apache-2.0
// Cross-temporal decoding: whether what a population shows at one time tells, by the code of
// another time, what the trial was. Draws are keyed by purpose. Pure functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <vector>

#include "analysis/recording.hpp"

namespace deltaw {

struct DecodingSpec {
  std::size_t stride = 10;   // steps from one sampled time to the next, the first at step 0
  std::size_t splits = 100;  // random halves of the trials over which accuracy is averaged
};

struct Decoding {
  arma::mat accuracy;              // train time x test time, each a share of right answers
  std::vector<std::size_t> steps;  // the sampled times
};

// Each split halves the trials of every kind at random (of an odd number one more tests). One half
// gives templates, mean activity for each level of `label` at each time; each trial of the other is
// taken for the level whose template correlates most with it over units (Pearson; Stokes et al.
// 2013, doi:10.1016/j.neuron.2013.01.039; Miconi 2017, doi:10.7554/eLife.20899). Activity without
// variance over units correlates 0 with everything, and ties go to the lower level: with balanced
// labels that is chance, 1 / levels. Costs one matrix product a split.
// Errors: those of trials_by_kind(), with two trials of each kind at least; E403 for a label of
// fewer than two levels, or with a level of no kind. REQUIRES: stride, splits > 0.
[[nodiscard]] Decoding decode(const Recording& recording, const Levels& label,
                              const DecodingSpec& spec = {});

}  // namespace deltaw
