// SPDX-License-Identifier: Apache-2.0
// What a finished run says of each sample. Plain values: any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace deltaw {

// Samples of one part of a split: their places in the data set, and their classes.
struct LabelledPart {
  std::vector<std::size_t> places;  // ascending
  std::vector<std::uint32_t> labels;

  bool operator==(const LabelledPart&) const = default;
};

struct Samples {
  std::vector<std::string> hashes;  // SHA-256 of the files of the data
  std::size_t classes = 0;
  LabelledPart validation, test;
};

struct Member {
  std::string name;               // "ARM@SEED", with "RESULTS:" before it where that is not unique
  std::filesystem::path results;  // folder
  std::string arm;
  std::uint64_t seed = 0;
  std::string weights;                     // SHA-256 of all names and weights
  std::shared_ptr<const Samples> samples;  // shared by runs of one split
  arma::mat validation, test;              // class probabilities: classes x samples
};

// Which of the samples (columns of `probabilities`, classes x samples) are answered right, 1 or 0,
// the answer being the most probable class; of equal ones the first.
[[nodiscard]] std::vector<double> right_answers(const arma::mat& probabilities,
                                                std::span<const std::uint32_t> labels);

// The share of validation samples answered right; none without any.
[[nodiscard]] std::optional<double> validation_accuracy(const Member& member);

}  // namespace deltaw
