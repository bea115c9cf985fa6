// SPDX-License-Identifier: Apache-2.0
// Learning to tell classes from frozen activity. One thread a readout while it learns; then
// immutable.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "readout/spec.hpp"

namespace deltaw {

// The answer where a readout has none: it is no class, and so always wrong.
inline constexpr std::uint32_t k_no_class = std::numeric_limits<std::uint32_t>::max();

// Told of each epoch of learning done: (epoch from 1, of how many).
using OnReadoutEpoch = std::function<void(std::size_t, std::size_t)>;

template <class T>
class Readout {
 public:
  virtual ~Readout() = default;

  // From activity (units x samples) and one label a sample; nothing else is ever seen of the data.
  // `seed` orders the samples, for every readout and network alike. False when stopped, or when the
  // loss is no longer finite: then it has not learnt.
  [[nodiscard]] virtual bool learn(const arma::Mat<T>& activity,
                                   std::span<const std::uint32_t> labels, std::uint64_t seed,
                                   const std::stop_token& stop, const OnReadoutEpoch& on_epoch) = 0;

  // One class a sample, or k_no_class. REQUIRES: it has learnt.
  [[nodiscard]] virtual std::vector<std::uint32_t> predict(const arma::Mat<T>& activity) const = 0;

  // The mean loss in each epoch of learning, as the samples were met; empty where there is none.
  [[nodiscard]] virtual std::vector<double> course() const { return {}; }
  // What it has learnt, by name: "" (classes x units) and ".bias" (classes x 1) of a linear one.
  [[nodiscard]] virtual std::vector<std::pair<std::string, arma::Mat<T>>> parameters() const {
    return {};
  }
};

// REQUIRES: spec.vote <= units.
template <class T>
[[nodiscard]] std::unique_ptr<Readout<T>> make_readout(const ReadoutSpec& spec, std::size_t units,
                                                       std::size_t classes);

// Throws E404 unless each class 0 .. classes - 1 has a sample: a readout could not learn it.
void require_every_class(std::span<const std::uint32_t> labels, std::size_t classes);

// Share of right answers. REQUIRES: equal sizes, not empty.
[[nodiscard]] double accuracy_of(std::span<const std::uint32_t> predicted,
                                 std::span<const std::uint32_t> labels);

extern template std::unique_ptr<Readout<float>> make_readout(const ReadoutSpec&, std::size_t,
                                                             std::size_t);
extern template std::unique_ptr<Readout<double>> make_readout(const ReadoutSpec&, std::size_t,
                                                              std::size_t);

}  // namespace deltaw
