// SPDX-License-Identifier: Apache-2.0
// Philox blocks turned into uniforms, normals and permutations.
#include "core/random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace deltaw {
namespace {

// FNV-1a, so that a purpose is one word of the key.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return h;
}

__extension__ using Wide = unsigned __int128;

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

Random::Random(std::uint64_t seed, std::string_view purpose, std::uint64_t stream)
    : key_(seed * 0x9e3779b97f4a7c15u ^ hash(purpose)), stream_(stream) {}

std::uint64_t Random::next() {
  if (left_ == 0) {
    const r123::Philox4x32::ctr_type counter = {
        {low(counter_), high(counter_), low(stream_), high(stream_)}};
    const r123::Philox4x32::key_type key = {{low(key_), high(key_)}};
    const auto bits = r123::Philox4x32()(counter, key);
    block_[0] = std::uint64_t{bits[0]} | std::uint64_t{bits[1]} << 32;
    block_[1] = std::uint64_t{bits[2]} | std::uint64_t{bits[3]} << 32;
    ++counter_;
    left_ = 2;
  }
  return block_[2 - left_--];
}

double Random::uniform() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::uint64_t Random::below(std::uint64_t n) {
  const std::uint64_t threshold = (0 - n) % n;
  for (;;) {
    const Wide product = static_cast<Wide>(next()) * n;
    if (static_cast<std::uint64_t>(product) >= threshold) {
      return static_cast<std::uint64_t>(product >> 64);
    }
  }
}

std::vector<std::size_t> Random::permutation(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
  return order;
}

}  // namespace deltaw
