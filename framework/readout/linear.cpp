// SPDX-License-Identifier: Apache-2.0
// Each sample is transformed as it is gathered, so that activity is kept once whatever the readouts
// make of it.
#include "readout/linear.hpp"

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/matrix.hpp"
#include "readout/objective.hpp"
#include "task/order.hpp"
#include "training/optimizer.hpp"
#include "training/schedule.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_block = 256;

}  // namespace

template <class T>
LinearReadout<T>::LinearReadout(ReadoutSpec spec, std::size_t units, std::size_t classes)
    : spec_(std::move(spec)),
      weights_(classes, units, arma::fill::zeros),
      bias_(classes, 1, arma::fill::zeros) {}

template <class T>
void LinearReadout<T>::score(const arma::Mat<T>& features, arma::Mat<T>& scores) const {
  gemm<T>(Op::none, Op::none, weights_.n_rows, features.n_cols, weights_.n_cols, 1,
          weights_.memptr(), features.memptr(), 0, scores.memptr());
  if (has_bias()) scores.each_col() += bias_.col(0);
}

template <class T>
bool LinearReadout<T>::learn(const arma::Mat<T>& activity, std::span<const std::uint32_t> labels,
                             std::uint64_t seed, const std::stop_token& stop,
                             const OnReadoutEpoch& on_epoch) {
  require_every_class(labels, weights_.n_rows);
  const std::size_t n = labels.size(), batch = std::min(spec_.batch, n);
  const std::size_t units = weights_.n_cols, classes = weights_.n_rows;
  transform_ = std::make_unique<Transform<T>>(spec_, activity);
  const auto optimizer = make_optimizer<T>(spec_.optimizer, classes, units);
  const auto bias_optimizer = make_optimizer<T>(spec_.optimizer, classes, 1);
  const Buffer<T> features_memory(units, batch), scores_memory(classes, batch);
  arma::Mat<T> delta(classes, units), bias_delta(classes, 1);
  std::vector<std::uint32_t> batch_labels(batch);
  std::vector<std::size_t> order(n);
  const std::size_t batches = batch_count(n, batch);
  for (std::size_t epoch = 0; epoch < spec_.epochs; ++epoch) {
    epoch_order(seed, epoch, order, "readout order");
    double loss = 0;
    for (std::size_t b = 0; b < batches; ++b) {
      if (stop.stop_requested()) return false;
      const auto samples = batch_of(order, batch, b);
      arma::Mat<T> features = features_memory.first(samples.size());
      arma::Mat<T> scores = scores_memory.first(samples.size());
      for (std::size_t k = 0; k < samples.size(); ++k) {
        transform_->apply(activity.colptr(samples[k]), features.colptr(k));
        batch_labels[k] = labels[samples[k]];
      }
      score(features, scores);
      loss += descend(spec_, batch_labels.data(), scores);
      const T share = T(1) / static_cast<T>(samples.size());
      gemm<T>(Op::none, Op::transpose, classes, units, samples.size(), share, scores.memptr(),
              features.memptr(), 0, delta.memptr());
      const double progress = static_cast<double>(b) / static_cast<double>(batches);
      const double rate = rate_at(spec_.optimizer, static_cast<double>(epoch) + progress,
                                  static_cast<double>(spec_.epochs));
      if (has_bias()) {
        bias_delta = share * arma::sum(scores, 1);
        bias_optimizer->apply(bias_, bias_delta, rate);
      }
      optimizer->apply(weights_, delta, rate);
    }
    course_.push_back(loss / static_cast<double>(n));
    if (!std::isfinite(loss) || !weights_.is_finite()) return false;
    if (on_epoch) on_epoch(epoch + 1, spec_.epochs);
  }
  return true;
}

template <class T>
std::vector<std::uint32_t> LinearReadout<T>::predict(const arma::Mat<T>& activity) const {
  std::vector<std::uint32_t> predicted;
  predicted.reserve(activity.n_cols);
  const Buffer<T> features_memory(weights_.n_cols, k_block);
  const Buffer<T> scores_memory(weights_.n_rows, k_block);
  for (std::size_t first = 0; first < activity.n_cols; first += k_block) {
    const std::size_t count = std::min<std::size_t>(k_block, activity.n_cols - first);
    arma::Mat<T> features = features_memory.first(count), scores = scores_memory.first(count);
    for (std::size_t k = 0; k < count; ++k) {
      transform_->apply(activity.colptr(first + k), features.colptr(k));
    }
    score(features, scores);
    for (std::size_t k = 0; k < count; ++k) {
      predicted.push_back(static_cast<std::uint32_t>(scores.col(k).index_max()));
    }
  }
  return predicted;
}

template <class T>
std::vector<std::pair<std::string, arma::Mat<T>>> LinearReadout<T>::parameters() const {
  arma::Mat<T> weights = weights_, bias = bias_;
  const bool is_standardised = transform_ && !transform_->mean().is_empty();
  if (is_standardised) {
    weights.each_row() %= transform_->scale().t();
    bias -= weights * transform_->mean();
  }
  std::vector<std::pair<std::string, arma::Mat<T>>> all = {{"", std::move(weights)}};
  if (has_bias() || is_standardised) all.emplace_back(".bias", std::move(bias));
  return all;
}

template class LinearReadout<float>;
template class LinearReadout<double>;

}  // namespace deltaw
