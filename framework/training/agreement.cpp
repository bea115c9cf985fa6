// SPDX-License-Identifier: Apache-2.0
// From sums to cosines, ratios, bias and variance.
#include "training/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace deltaw {
namespace {

// sqrt(x x) is x to the bit, which sqrt(x) sqrt(x) is not.
std::optional<double> cosine_of(double product, double own, double reference) {
  const double squares = own * reference;
  if (!(own > 0) || !(squares > 0) || !std::isfinite(squares)) return std::nullopt;
  return product / std::sqrt(squares);
}
std::optional<double> cosine_of(const PairSums& sums) {
  return cosine_of(sums.product, sums.own, sums.reference);
}

}  // namespace

template <class T>
Agreement<T>::Agreement(std::string rule, std::vector<ComparedConnection> connections,
                        std::size_t draws, bool explores)
    : rule_(std::move(rule)),
      connections_(std::move(connections)),
      draws_(draws),
      explores_(explores),
      sums_(connections_.size()) {
  for (const ComparedConnection& connection : connections_) {
    means_.emplace_back(draws > 1 ? connection.weights : 0, 1);
    totals_.emplace_back(connection.weights, 1);
  }
}

template <class T>
void Agreement<T>::add(std::size_t i, const T* own, const T* reference) {
  const std::size_t size = connections_[i].weights;
  const PairSums sums = sums_of(own, reference, size);
  sums_[i].single += sums;
  if (draws_ == 1) sums_[i].mean += sums;
  arma::Mat<T> into = (draws_ == 1 ? totals_ : means_)[i].all();
  into += view(const_cast<T*>(own), size, 1);
}

template <class T>
void Agreement<T>::end_update(std::size_t i, const T* reference) {
  if (draws_ == 1) return;
  arma::Mat<T> mean = means_[i].all(), total = totals_[i].all();
  mean /= static_cast<T>(draws_);
  sums_[i].mean += sums_of(mean.memptr(), reference, mean.n_elem);
  total += mean;
  mean.zeros();
}

template <class T>
void Agreement<T>::end_snapshot(double epoch, std::size_t updates,
                                const std::vector<const T*>& totals,
                                std::vector<AlignmentRow>& rows) {
  Sums whole;
  const std::size_t first = rows.size();
  rows.emplace_back();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Sums& sums = sums_[i];
    sums.total = sums_of(totals_[i].data(), totals[i], totals_[i].size());
    whole.single += sums.single;
    whole.mean += sums.mean;
    whole.total += sums.total;
    rows.push_back(row_of(sums));
    rows.back().connection = connections_[i].name;
    sums = {};
    totals_[i].zero();
  }
  rows[first] = row_of(whole);
  for (std::size_t k = first; k < rows.size(); ++k) {
    rows[k].epoch = epoch;
    rows[k].updates = updates;
  }
}

// With d = mu + noise, the mean over M draws has |mean|^2 = |mu|^2 + noise / M in expectation, so
// both parts follow without bias from it and the mean of |d|^2.
template <class T>
AlignmentRow Agreement<T>::row_of(const Sums& sums) const {
  AlignmentRow row{.rule = rule_, .draws = draws_};
  const PairSums& single = sums.single;
  row.cosine = cosine_of(single);
  row.mean_cosine = cosine_of(sums.mean);
  row.sum_cosine = cosine_of(sums.total);
  if (single.reference > 0) row.norm_ratio = std::sqrt(single.own / single.reference);
  if (single.compared > 0) row.sign_agreement = single.same / single.compared;
  if (!explores_) {
    row.limit_cosine = row.cosine;
  } else if (draws_ > 1) {
    const auto m = static_cast<double>(draws_);
    const double square = single.own / m;  // of one draw
    const double signal = (m * sums.mean.own - square) / (m - 1);
    const double noise = (square - sums.mean.own) * m / (m - 1);
    row.limit_cosine = cosine_of(sums.mean.product, signal, sums.mean.reference);
    if (noise > 0) row.signal_to_noise = std::max(signal, 0.0) / noise;
  }
  return row;
}

template <class T>
void Agreement<T>::save(StateWriter& writer) const {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    sums_[i].single.save(writer);
    sums_[i].mean.save(writer);
    writer.matrix("total", totals_[i].data(), totals_[i].rows(), totals_[i].columns());
  }
}

template <class T>
void Agreement<T>::load(StateReader& reader) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    sums_[i].single.load(reader);
    sums_[i].mean.load(reader);
    reader.matrix("total", totals_[i].data(), totals_[i].rows(), totals_[i].columns());
  }
}

template class Agreement<float>;
template class Agreement<double>;

}  // namespace deltaw
