// SPDX-License-Identifier: Apache-2.0
#include "ensemble/member.hpp"

namespace deltaw {

std::vector<double> right_answers(const arma::mat& probabilities,
                                  std::span<const std::uint32_t> labels) {
  std::vector<double> right;
  right.reserve(labels.size());
  for (std::size_t k = 0; k < labels.size(); ++k) {
    right.push_back(probabilities.col(k).index_max() == labels[k] ? 1 : 0);
  }
  return right;
}

std::optional<double> validation_accuracy(const Member& member) {
  if (member.validation.is_empty()) return std::nullopt;
  return arma::mean(arma::vec(right_answers(member.validation, member.samples->validation.labels)));
}

}  // namespace deltaw
