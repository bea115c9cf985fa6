// SPDX-License-Identifier: Apache-2.0
// Newton's method: the problem is convex, and products with its second derivatives are cheap, so
// each step is found by conjugate gradients (Nocedal & Wright 2006, doi:10.1007/978-0-387-40065-5,
// algorithm 7.1) and shortened until it descends.
#include "statistics/logistic.hpp"

#include <cassert>
#include <cmath>

namespace deltaw {
namespace {

constexpr double k_small_gradient = 1e-9;
constexpr std::size_t k_most_steps = 200, k_most_halvings = 40;

// The columns' softmax; returns the sum of -log p(label).
double softmax(arma::mat& scores, std::span<const std::uint32_t> labels) {
  double loss = 0;
  for (arma::uword k = 0; k < scores.n_cols; ++k) {
    double* const score = scores.colptr(k);
    const double largest = scores.col(k).max();
    double sum = 0;
    for (arma::uword c = 0; c < scores.n_rows; ++c) sum += std::exp(score[c] - largest);
    if (!labels.empty()) loss -= score[labels[k]] - largest - std::log(sum);
    for (arma::uword c = 0; c < scores.n_rows; ++c) score[c] = std::exp(score[c] - largest) / sum;
  }
  return loss;
}

arma::mat with_ones(const arma::mat& features) {
  return arma::join_cols(features, arma::ones(1, features.n_cols));
}

class Problem {
 public:
  Problem(const arma::mat& features, std::span<const std::uint32_t> labels, double penalty)
      : x_(with_ones(features)),
        labels_(labels),
        penalty_(penalty),
        n_(static_cast<double>(x_.n_cols)) {}

  [[nodiscard]] arma::uword columns() const { return x_.n_rows; }

  // The objective at w, around which the others are from now on.
  double look(const arma::mat& w) {
    p_ = w * x_;
    const double loss = softmax(p_, labels_) / n_;
    return loss + penalty_ / 2 * arma::accu(arma::square(w.head_cols(w.n_cols - 1)));
  }
  [[nodiscard]] arma::mat gradient(const arma::mat& w) const {
    arma::mat residual = p_;
    for (arma::uword k = 0; k < residual.n_cols; ++k) residual(labels_[k], k) -= 1;
    return residual * x_.t() / n_ + penalised(w);
  }
  // Second derivatives times a direction.
  [[nodiscard]] arma::mat curvature(const arma::mat& direction) const {
    arma::mat r = p_ % (direction * x_);
    r -= p_.each_row() % arma::sum(r, 0);
    return r * x_.t() / n_ + penalised(direction);
  }

 private:
  [[nodiscard]] arma::mat penalised(arma::mat w) const {
    w.tail_cols(1).zeros();
    return penalty_ * w;
  }

  arma::mat x_;
  std::span<const std::uint32_t> labels_;
  double penalty_, n_;
  arma::mat p_;  // classes x samples
};

// An approximate solution of curvature(step) = -gradient, the closer the smaller the gradient.
arma::mat newton_step(const Problem& problem, const arma::mat& gradient) {
  const double size = arma::norm(gradient, "fro");
  const double enough = std::min(0.5, std::sqrt(size)) * size;
  arma::mat step(arma::size(gradient), arma::fill::zeros);
  arma::mat residual = gradient, direction = -gradient;
  double squared = size * size;
  for (arma::uword k = 0; k < 2 * gradient.n_elem && std::sqrt(squared) > enough; ++k) {
    const arma::mat curved = problem.curvature(direction);
    const double bend = arma::dot(direction, curved);
    if (!(bend > 0)) break;  // rounding
    step += squared / bend * direction;
    residual += squared / bend * curved;
    const double next = arma::dot(residual, residual);
    direction = next / squared * direction - residual;
    squared = next;
  }
  return step;
}

}  // namespace

Logistic fit_logistic(const arma::mat& features, std::span<const std::uint32_t> labels,
                      std::size_t classes, double penalty, const Logistic& start) {
  assert(penalty > 0 && !labels.empty() && labels.size() == features.n_cols);
  Problem problem(features, labels, penalty);
  arma::mat w = start.coefficients;
  if (w.is_empty()) w.zeros(classes, problem.columns());
  double value = problem.look(w);
  for (std::size_t k = 0; k < k_most_steps; ++k) {
    const arma::mat gradient = problem.gradient(w);
    if (arma::abs(gradient).max() <= k_small_gradient) break;
    const arma::mat step = newton_step(problem, gradient);
    const double slope = arma::dot(gradient, step);
    double length = 1, next = problem.look(w + step);
    for (std::size_t h = 0; h < k_most_halvings && next > value + 1e-4 * length * slope; ++h) {
      length /= 2;
      next = problem.look(w + length * step);
    }
    if (!(next < value)) break;  // what is left is rounding
    w += length * step;
    value = next;
  }
  return {std::move(w)};
}

arma::mat probabilities(const Logistic& model, const arma::mat& features) {
  arma::mat scores = model.coefficients * with_ones(features);
  softmax(scores, {});
  return scores;
}

}  // namespace deltaw
