// SPDX-License-Identifier: Apache-2.0
#include "readout/objective.hpp"

#include <algorithm>
#include <cmath>

#include "core/vector_math.hpp"

namespace deltaw {
namespace {

template <class T>
double descend_softmax(const std::uint32_t* labels, arma::Mat<T>& scores) {
  double loss = 0;
  for (arma::uword k = 0; k < scores.n_cols; ++k) {
    T* score = scores.colptr(k);
    const T largest = *std::max_element(score, score + scores.n_rows);
    const T own = score[labels[k]] - largest;
    T sum = 0;
    for (arma::uword c = 0; c < scores.n_rows; ++c) {
      score[c] = std::exp(score[c] - largest);
      sum += score[c];
    }
    for (arma::uword c = 0; c < scores.n_rows; ++c) score[c] /= -sum;
    score[labels[k]] += 1;
    loss += static_cast<double>(std::log(sum) - own);
  }
  return loss;
}

// With d = |c - t|: L = d^m, and minus dL/da = t m d^(m-1) beta (1 - c^2), since t is 1 or -1 and c
// lies between.
template <class T>
double descend_power(const ReadoutSpec& spec, const std::uint32_t* labels, arma::Mat<T>& scores) {
  const T beta = static_cast<T>(spec.beta), m = static_cast<T>(spec.m);
  scores *= beta;
  tanh_of(scores.memptr(), scores.memptr(), scores.n_elem);
  double loss = 0;
  for (arma::uword k = 0; k < scores.n_cols; ++k) {
    T* c = scores.colptr(k);
    for (arma::uword i = 0; i < scores.n_rows; ++i) {
      const T target = i == labels[k] ? T(1) : T(-1);
      const T distance = std::max(T(0), 1 - target * c[i]);
      const T steepness = m == 1 ? T(1) : std::pow(distance, m - 1);
      loss += static_cast<double>(distance * steepness);
      c[i] = target * m * steepness * beta * (1 - c[i] * c[i]);
    }
  }
  return loss;
}

}  // namespace

template <class T>
double descend(const ReadoutSpec& spec, const std::uint32_t* labels, arma::Mat<T>& scores) {
  return spec.type == "power" ? descend_power(spec, labels, scores)
                              : descend_softmax(labels, scores);
}

template double descend(const ReadoutSpec&, const std::uint32_t*, arma::Mat<float>&);
template double descend(const ReadoutSpec&, const std::uint32_t*, arma::Mat<double>&);

}  // namespace deltaw
