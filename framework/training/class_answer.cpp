// SPDX-License-Identifier: Apache-2.0
#include "training/class_answer.hpp"

namespace deltaw {

template <class T>
std::optional<std::uint32_t> class_answer(const arma::Col<T>& counts, std::size_t classes) {
  const std::size_t each = counts.n_elem / classes;
  std::optional<std::uint32_t> answer;
  T most = 0;
  for (std::uint32_t c = 0; c < classes; ++c) {
    T sum = 0;
    for (std::size_t i = c * each; i < (c + 1) * each; ++i) sum += counts[i];
    if (sum == most) answer.reset();
    if (sum > most) {
      most = sum;
      answer = c;
    }
  }
  return answer;
}

template <class T>
double share_right(const arma::Mat<T>& counts, std::size_t classes,
                   const std::vector<std::uint32_t>& labels) {
  std::size_t right = 0;
  for (arma::uword k = 0; k < counts.n_cols; ++k) {
    if (class_answer<T>(counts.col(k), classes) == labels[k]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

template std::optional<std::uint32_t> class_answer(const arma::fvec&, std::size_t);
template std::optional<std::uint32_t> class_answer(const arma::vec&, std::size_t);
template double share_right(const arma::fmat&, std::size_t, const std::vector<std::uint32_t>&);
template double share_right(const arma::mat&, std::size_t, const std::vector<std::uint32_t>&);

}  // namespace deltaw
