// SPDX-License-Identifier: Apache-2.0
// The 1797 digits of 8 x 8 pixels that the project ships, for the tests of rules.
#pragma once

#include <doctest/doctest.h>

#include <armadillo>
#include <cstdint>
#include <vector>

#include "places.hpp"
#include "task/csv.hpp"

namespace deltaw {

// 64 x 1797, one image a column, whole numbers 0 to 16.
inline arma::mat digits_pixels() {
  CsvSamples samples;
  read_csv(std::string(k_source_folder) + "/data/digits/digits.csv.gz", {}, samples);
  REQUIRE(samples.features == 64);
  const auto& bytes = std::get<std::vector<std::uint8_t>>(samples.values);
  const arma::Mat<unsigned char> pixels(bytes.data(), 64, samples.labels.size());
  return arma::conv_to<arma::mat>::from(pixels);
}

}  // namespace deltaw
