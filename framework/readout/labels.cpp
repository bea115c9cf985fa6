// SPDX-License-Identifier: Apache-2.0
#include "readout/labels.hpp"

#include <algorithm>
#include <numeric>

#include "core/constant.hpp"

namespace deltaw {
namespace {

template <class T>
std::vector<std::uint32_t> most_active_class(const arma::Mat<T>& activity,
                                             std::span<const std::uint32_t> unit_labels,
                                             std::size_t classes) {
  std::vector<std::uint32_t> answers(activity.n_cols, k_no_class);
  std::vector<double> units(classes), sums(classes);
  for (const std::uint32_t label : unit_labels) {
    if (label != k_no_class) ++units[label];
  }
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    const T* y = activity.colptr(k);
    std::ranges::fill(sums, 0.0);
    bool is_silent = true;
    for (std::size_t i = 0; i < unit_labels.size(); ++i) {
      if (unit_labels[i] == k_no_class || y[i] == 0) continue;
      sums[unit_labels[i]] += static_cast<double>(y[i]);
      is_silent = false;
    }
    if (is_silent) continue;
    double best = -std::numeric_limits<double>::infinity();
    for (std::uint32_t c = 0; c < classes; ++c) {
      if (units[c] == 0 || sums[c] / units[c] <= best) continue;
      best = sums[c] / units[c];
      answers[k] = c;
    }
  }
  return answers;
}

}  // namespace

template <class T>
UnitLabels<T>::UnitLabels(std::size_t units, std::size_t classes)
    : sums_(units, classes, arma::fill::zeros), counts_(classes), least_(units), most_(units) {
  least_.fill(std::numeric_limits<T>::infinity());
  most_.fill(-std::numeric_limits<T>::infinity());
}

template <class T>
void UnitLabels<T>::add(const arma::Mat<T>& activity, const std::uint32_t* labels) {
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    const T* y = activity.colptr(k);
    double* sum = sums_.colptr(labels[k]);
    T *least = least_.memptr(), *most = most_.memptr();
    for (arma::uword i = 0; i < activity.n_rows; ++i) {
      sum[i] += static_cast<double>(y[i]);
      least[i] = std::min(least[i], y[i]);
      most[i] = std::max(most[i], y[i]);
    }
    ++counts_[labels[k]];
  }
}

template <class T>
std::vector<std::uint32_t> UnitLabels<T>::labels() const {
  std::vector<std::uint32_t> labels(sums_.n_rows, k_no_class);
  for (arma::uword unit = 0; unit < sums_.n_rows; ++unit) {
    if (is_constant(static_cast<double>(least_[unit]), static_cast<double>(most_[unit]))) continue;
    double best = -std::numeric_limits<double>::infinity();
    for (std::uint32_t c = 0; c < sums_.n_cols; ++c) {
      if (counts_[c] == 0) continue;
      const double mean = sums_(unit, c) / static_cast<double>(counts_[c]);
      if (mean <= best) continue;
      best = mean;
      labels[unit] = c;
    }
  }
  return labels;
}

template <class T>
void UnitLabels<T>::save(StateWriter& writer) const {
  writer.matrix("sums", sums_.memptr(), sums_.n_rows, sums_.n_cols);
  for (const std::size_t count : counts_) writer.integer("samples", count);
  writer.matrix("least", least_.memptr(), least_.n_elem, 1);
  writer.matrix("most", most_.memptr(), most_.n_elem, 1);
}

template <class T>
void UnitLabels<T>::load(StateReader& reader) {
  reader.matrix("sums", sums_.memptr(), sums_.n_rows, sums_.n_cols);
  for (std::size_t& count : counts_) count = reader.integer("samples");
  reader.matrix("least", least_.memptr(), least_.n_elem, 1);
  reader.matrix("most", most_.memptr(), most_.n_elem, 1);
}

template <class T>
std::vector<std::uint32_t> vote(const arma::Mat<T>& activity,
                                std::span<const std::uint32_t> unit_labels, std::size_t classes,
                                std::optional<std::size_t> voters_at_most) {
  if (!voters_at_most) return most_active_class(activity, unit_labels, classes);
  std::vector<std::uint32_t> answers(activity.n_cols, k_no_class);
  std::vector<std::size_t> voters, votes(classes);
  std::vector<double> sums(classes);
  for (arma::uword k = 0; k < activity.n_cols; ++k) {
    const T* y = activity.colptr(k);
    voters.clear();
    for (std::size_t i = 0; i < unit_labels.size(); ++i) {
      if (unit_labels[i] != k_no_class && y[i] != 0) voters.push_back(i);
    }
    if (voters.empty()) continue;
    const auto count = static_cast<std::ptrdiff_t>(std::min(*voters_at_most, voters.size()));
    std::partial_sort(
        voters.begin(), voters.begin() + count, voters.end(),
        [&](std::size_t a, std::size_t b) { return y[a] > y[b] || (y[a] == y[b] && a < b); });
    std::ranges::fill(votes, 0);
    std::ranges::fill(sums, 0.0);
    for (auto voter = voters.begin(); voter != voters.begin() + count; ++voter) {
      ++votes[unit_labels[*voter]];
      sums[unit_labels[*voter]] += static_cast<double>(y[*voter]);
    }
    std::uint32_t best = 0;
    for (std::uint32_t c = 1; c < classes; ++c) {
      if (std::pair(votes[c], sums[c]) > std::pair(votes[best], sums[best])) best = c;
    }
    answers[k] = best;
  }
  return answers;
}

template <class T>
bool LabelReadout<T>::learn(const arma::Mat<T>& activity, std::span<const std::uint32_t> labels,
                            std::uint64_t, const std::stop_token&, const OnReadoutEpoch&) {
  require_every_class(labels, classes_);
  UnitLabels<T> found(activity.n_rows, classes_);
  found.add(activity, labels.data());
  unit_labels_ = found.labels();
  return true;
}

template <class T>
std::vector<std::uint32_t> LabelReadout<T>::predict(const arma::Mat<T>& activity) const {
  return vote(activity, unit_labels_, classes_, voters_);
}

template class UnitLabels<float>;
template class UnitLabels<double>;
template std::vector<std::uint32_t> vote(const arma::Mat<float>&, std::span<const std::uint32_t>,
                                         std::size_t, std::optional<std::size_t>);
template std::vector<std::uint32_t> vote(const arma::Mat<double>&, std::span<const std::uint32_t>,
                                         std::size_t, std::optional<std::size_t>);
template class LabelReadout<float>;
template class LabelReadout<double>;

}  // namespace deltaw
