// SPDX-License-Identifier: Apache-2.0
// How well a network does on a part of the data. One thread an evaluator.
#pragma once

#include <cstdint>

#include "network/loss.hpp"
#include "network/network.hpp"
#include "task/split.hpp"

namespace deltaw {

struct Score {
  double loss = 0;  // mean over samples
  double accuracy =
      0;  // share of samples whose most active output, of those that answer, is their label
};

template <class T>
class Evaluator {
 public:
  Evaluator(const Network<T>& network, const Loss<T>& loss);

  // REQUIRES: a loss; data is not empty.
  [[nodiscard]] Score score(const Partition<T>& data);
  // classes x classes; rows are true classes, columns the network's answers.
  [[nodiscard]] arma::Mat<std::int64_t> confusion(const Partition<T>& data);

 private:
  [[nodiscard]] arma::uword answer(const arma::Mat<T>& post, arma::uword column) const;
  template <class Each>
  void present(const Partition<T>& data, Each each);

  const Network<T>& network_;
  const Loss<T>& loss_;
  Activity<T> activity_;
  Buffer<T> losses_;
};

extern template class Evaluator<float>;
extern template class Evaluator<double>;

}  // namespace deltaw
