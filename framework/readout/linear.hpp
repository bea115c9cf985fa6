// SPDX-License-Identifier: Apache-2.0
// One matrix from activity to classes, learnt in minibatches. One thread while it learns.
#pragma once

#include "readout/readout.hpp"
#include "readout/transform.hpp"

namespace deltaw {

// Types "softmax" and "power" of ReadoutSpec. Weights start at 0, which such a readout, having no
// hidden layer, leaves at the first step; so every arm starts alike.
template <class T>
class LinearReadout final : public Readout<T> {
 public:
  LinearReadout(ReadoutSpec spec, std::size_t units, std::size_t classes);

  [[nodiscard]] bool learn(const arma::Mat<T>& activity, std::span<const std::uint32_t> labels,
                           std::uint64_t seed, const std::stop_token& stop,
                           const OnReadoutEpoch& on_epoch) override;
  [[nodiscard]] std::vector<std::uint32_t> predict(const arma::Mat<T>& activity) const override;
  [[nodiscard]] std::vector<double> course() const override { return course_; }
  // Of the activity after exponent and "sum"; "standardise" is folded in, so that ".bias" is there
  // with it, and of every softmax.
  [[nodiscard]] std::vector<std::pair<std::string, arma::Mat<T>>> parameters() const override;

 private:
  [[nodiscard]] bool has_bias() const { return spec_.type == "softmax"; }
  // scores (classes x samples) = S features + b, all of them contiguous.
  void score(const arma::Mat<T>& features, arma::Mat<T>& scores) const;

  ReadoutSpec spec_;
  arma::Mat<T> weights_, bias_;  // classes x units, classes x 1
  std::unique_ptr<Transform<T>> transform_;
  std::vector<double> course_;
};

extern template class LinearReadout<float>;
extern template class LinearReadout<double>;

}  // namespace deltaw
