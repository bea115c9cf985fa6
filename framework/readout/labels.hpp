// SPDX-License-Identifier: Apache-2.0
// Units that stand for classes, and vote. One writer at a time.
#pragma once

#include <limits>
#include <optional>

#include "core/state.hpp"
#include "readout/readout.hpp"

namespace deltaw {

// To which class each unit responds most: that of the largest mean response over the samples
// added, from which nothing is subtracted; of equal ones the lower. A unit that responds alike to
// every sample (up to rounding) stands for none, nor does any for a class without samples.
template <class T>
class UnitLabels {
 public:
  UnitLabels(std::size_t units, std::size_t classes);

  // activity: units x samples; labels: one a sample.
  void add(const arma::Mat<T>& activity, const std::uint32_t* labels);
  // A class or k_no_class for each unit.
  [[nodiscard]] std::vector<std::uint32_t> labels() const;

  void save(StateWriter& writer) const;
  void load(StateReader& reader);  // of as many units and classes. Error: E306

 private:
  arma::mat sums_;  // units x classes
  std::vector<std::size_t> counts_;
  arma::Col<T> least_, most_;  // response of each unit
};

// The `voters` most active units of each sample have one vote each, for their class; of classes
// with equal votes that of the larger summed activity wins, then the lower. Without a number, the
// class of the largest mean activity over the units that stand for it wins, then the lower. Units
// without a class do not take part, nor vote those that are silent (0) on the sample: where all
// are, there is no answer. REQUIRES: one label a unit, voters > 0.
template <class T>
[[nodiscard]] std::vector<std::uint32_t> vote(const arma::Mat<T>& activity,
                                              std::span<const std::uint32_t> unit_labels,
                                              std::size_t classes,
                                              std::optional<std::size_t> voters);

// Types "labels" and, without a number of voters, "population" of ReadoutSpec.
template <class T>
class LabelReadout final : public Readout<T> {
 public:
  LabelReadout(std::optional<std::size_t> voters, std::size_t classes)
      : voters_(voters), classes_(classes) {}

  [[nodiscard]] bool learn(const arma::Mat<T>& activity, std::span<const std::uint32_t> labels,
                           std::uint64_t seed, const std::stop_token& stop,
                           const OnReadoutEpoch& on_epoch) override;
  [[nodiscard]] std::vector<std::uint32_t> predict(const arma::Mat<T>& activity) const override;

 private:
  std::optional<std::size_t> voters_;
  std::size_t classes_;
  std::vector<std::uint32_t> unit_labels_;
};

extern template class UnitLabels<float>;
extern template class UnitLabels<double>;
extern template std::vector<std::uint32_t> vote(const arma::Mat<float>&,
                                                std::span<const std::uint32_t>, std::size_t,
                                                std::optional<std::size_t>);
extern template std::vector<std::uint32_t> vote(const arma::Mat<double>&,
                                                std::span<const std::uint32_t>, std::size_t,
                                                std::optional<std::size_t>);
extern template class LabelReadout<float>;
extern template class LabelReadout<double>;

}  // namespace deltaw
