// SPDX-License-Identifier: Apache-2.0
// Activity recorded over trials, and what the trials had in common. Plain values and pure
// functions: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace deltaw {

struct Recording {
  std::vector<arma::fmat> activity;  // units x steps, one a trial, all of one size
  std::vector<std::uint32_t> kind;   // of each trial
};

// One way to sort kinds of trial, as by their first stimulus: the level of each kind, from 0.
// Of delayed match-to-sample's AA, AB, BA, BB that is {0, 0, 1, 1}; the XOR is {0, 1, 1, 0}.
using Levels = std::vector<std::uint32_t>;

// Places of the trials of each kind, 0 .. kinds - 1. Errors: E205 for trials of unequal size, or
// not one kind each; E403 for a kind beyond `kinds`; E405 for a kind of fewer than `least` trials.
[[nodiscard]] std::vector<std::vector<std::size_t>> trials_by_kind(const Recording& recording,
                                                                   std::size_t kinds,
                                                                   std::size_t least);

// units x kinds: mean activity at one step. Errors: those of trials_by_kind(), with one trial of
// each kind at least. REQUIRES: step inside the trials.
[[nodiscard]] arma::mat condition_means(const Recording& recording, std::size_t kinds,
                                        std::size_t step);

}  // namespace deltaw
