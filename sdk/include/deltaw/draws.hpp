// SPDX-License-Identifier: Apache-2.0
// Random numbers for tests of rules: no state but a counter. One thread an instance.
#pragma once

#include <armadillo>
#include <cmath>
#include <cstdint>

namespace deltaw::testing {

// Counter-based draws: the same key gives the same number, on every machine.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter)
      : key_(mix(mix(mix(seed) + stream) + counter)) {}

  // Uniform in (0, 1), and standard normal (Box-Muller).
  double uniform() { return (static_cast<double>(mix(key_ + ++count_) >> 12) + 0.5) * 0x1p-52; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  // Stafford's mix of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
  static std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::uint64_t key_, count_ = 0;
};

// A matrix of standard normal numbers, for test data.
template <class T>
arma::Mat<T> normal(arma::uword rows, arma::uword cols, std::uint64_t seed) {
  Draws draws(seed, 0, 0);
  arma::Mat<T> out(rows, cols);
  for (T& x : out) x = static_cast<T>(draws.normal());
  return out;
}

}  // namespace deltaw::testing
