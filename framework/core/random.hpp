// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers: Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405),
// keyed by (seed, purpose). Draws depend on key and counter alone, never on who else drew.
// Every method is const or touches only its own cursor: one Random per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace deltaw {

class Random {
 public:
  // `purpose` names what the numbers are for ("init/input>hidden1", "shuffle", ...); `stream`
  // numbers independent streams of one purpose (an epoch, a trial, a step).
  Random(std::uint64_t seed, std::string_view purpose, std::uint64_t stream = 0);

  // Uniform in the open interval (0, 1), with 52 bits.
  [[nodiscard]] double uniform();
  // Standard normal (Box-Muller).
  [[nodiscard]] double normal();
  // Uniform among 0 .. n-1 without bias (Lemire 2019). REQUIRES: n > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t n);

  // A permutation of 0 .. n-1 (Fisher-Yates).
  [[nodiscard]] std::vector<std::size_t> permutation(std::size_t n);

 private:
  std::uint64_t next();

  std::uint64_t key_, stream_, counter_ = 0;
  std::uint64_t block_[2] = {0, 0};
  int left_ = 0;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace deltaw
