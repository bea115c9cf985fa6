// SPDX-License-Identifier: Apache-2.0
// Means over parts of the matrix.
#include "comparison/forgetting.hpp"

namespace deltaw {

std::map<std::string, std::optional<double>> measure_forgetting(const arma::mat& accuracy,
                                                                const std::vector<double>& joint) {
  const arma::uword contexts = accuracy.n_cols;
  double learnt = 0, backward = 0, forward = 0, forgotten = 0, missed = 0;
  for (arma::uword i = 0; i < contexts; ++i) {
    const double just_learnt = accuracy(i + 1, i), at_end = accuracy(contexts, i);
    learnt += just_learnt;
    if (!joint.empty()) missed += joint[i] - just_learnt;
    if (i > 0) forward += accuracy(i, i) - accuracy(0, i);
    if (i + 1 == contexts) continue;
    backward += at_end - just_learnt;
    forgotten += accuracy.col(i).subvec(1, contexts - 1).max() - at_end;
  }
  const auto all = static_cast<double>(contexts), others = all - 1;
  std::map<std::string, std::optional<double>> metrics = {{"learning_accuracy", learnt / all},
                                                          {"backward_transfer", std::nullopt},
                                                          {"forward_transfer", std::nullopt},
                                                          {"forgetting", std::nullopt}};
  if (others > 0) {
    metrics["backward_transfer"] = backward / others;
    metrics["forward_transfer"] = forward / others;
    metrics["forgetting"] = forgotten / others;
  }
  if (!joint.empty()) metrics["intransigence"] = missed / all;
  return metrics;
}

}  // namespace deltaw
