// SPDX-License-Identifier: Apache-2.0
// Presents a partition in blocks and counts.
#include "training/evaluation.hpp"

#include <algorithm>

namespace deltaw {

template <class T>
Evaluator<T>::Evaluator(const Network<T>& network, const Loss<T>& loss)
    : network_(network),
      loss_(loss),
      activity_(network.graph(), network.graph().block()),
      losses_(1, network.graph().block()) {}

// Which of the outputs that answer is the most active.
template <class T>
arma::uword Evaluator<T>::answer(const arma::Mat<T>& post, arma::uword column) const {
  const Window units = network_.answering().value_or(Window{0, post.n_rows});
  const T* p = post.colptr(column);
  return static_cast<arma::uword>(std::max_element(p + units.first, p + units.last) - p);
}

// Calls each(first sample, posts of the output for this block).
template <class T>
template <class Each>
void Evaluator<T>::present(const Partition<T>& data, Each each) {
  const std::size_t block = activity_.max_columns();
  for (std::size_t first = 0; first < data.size(); first += block) {
    const std::size_t count = std::min(block, data.size() - first);
    activity_.set_columns(count);
    std::copy_n(data.inputs.colptr(first), data.inputs.n_rows * count,
                activity_.post(network_.graph().input).memptr());
    network_.forward(activity_);
    each(first, activity_.post(network_.graph().output));
  }
}

template <class T>
Score Evaluator<T>::score(const Partition<T>& data) {
  double loss = 0;
  std::size_t right = 0;
  present(data, [&](std::size_t first, const arma::Mat<T>& post) {
    arma::Mat<T> losses = losses_.first(post.n_cols);
    const auto* targets = data.targets.colptr(first);
    loss_.values(post, view(const_cast<T*>(targets), data.targets.n_rows, post.n_cols), losses);
    for (arma::uword k = 0; k < post.n_cols; ++k) {
      loss += static_cast<double>(losses[k]);
      if (answer(post, k) == data.labels[first + k]) ++right;
    }
  });
  const auto n = static_cast<double>(data.size());
  return {loss / n, static_cast<double>(right) / n};
}

template <class T>
arma::Mat<std::int64_t> Evaluator<T>::confusion(const Partition<T>& data) {
  arma::Mat<std::int64_t> counts(data.targets.n_rows, data.targets.n_rows, arma::fill::zeros);
  present(data, [&](std::size_t first, const arma::Mat<T>& post) {
    for (arma::uword k = 0; k < post.n_cols; ++k) {
      ++counts(data.labels[first + k], answer(post, k));
    }
  });
  return counts;
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace deltaw
