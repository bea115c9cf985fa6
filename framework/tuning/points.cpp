// SPDX-License-Identifier: Apache-2.0
// Boost's generator gives coordinate after coordinate; a shift is an exclusive or of all digits.
#include "tuning/points.hpp"

#include <boost/random/sobol.hpp>

#include "core/random.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t k_half = std::uint64_t{1} << 32;

std::vector<std::uint64_t> shifts(std::uint64_t seed, std::size_t dimensions) {
  std::vector<std::uint64_t> shift(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    Random random(seed, "tune/shift", d);
    shift[d] = random.below(k_half) << 32;
    shift[d] |= random.below(k_half);
  }
  return shift;
}

}  // namespace

std::vector<std::uint64_t> sobol_points(std::size_t count, std::size_t dimensions) {
  boost::random::sobol sequence(dimensions);
  std::vector<std::uint64_t> points(count * dimensions);
  for (std::uint64_t& coordinate : points) coordinate = sequence();
  return points;
}

Points::Points(const std::string& search, std::uint64_t seed, std::size_t count,
               std::size_t dimensions)
    : dimensions_(dimensions), coordinates_(count * dimensions) {
  if (dimensions == 0) return;
  if (search == "random") {
    for (std::size_t point = 0; point < count; ++point) {
      for (std::size_t d = 0; d < dimensions; ++d) {
        const std::uint64_t stream = (std::uint64_t{point} << 16) + d;
        coordinates_[point * dimensions + d] = Random(seed, "tune/point", stream).uniform();
      }
    }
    return;
  }
  const std::vector<std::uint64_t> points = sobol_points(count, dimensions);
  const std::vector<std::uint64_t> shift = shifts(seed, dimensions);
  for (std::size_t i = 0; i < points.size(); ++i) {
    constexpr int k_digits = 53;  // of a double
    const std::uint64_t digits = (points[i] ^ shift[i % dimensions]) >> (64 - k_digits);
    coordinates_[i] =
        static_cast<double>(digits) / static_cast<double>(std::uint64_t{1} << k_digits);
  }
}

}  // namespace deltaw
