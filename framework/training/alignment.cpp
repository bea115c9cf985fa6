// SPDX-License-Identifier: Apache-2.0
// Two sums and their cosine.
#include "training/alignment.hpp"

#include <cmath>
#include <utility>

namespace deltaw {

template <class T>
Alignment<T>::Alignment(std::unique_ptr<Driver<T>> shadow) : shadow_(std::move(shadow)) {
  for (std::size_t i = 0; i < shadow_->connections().size(); ++i) {
    const arma::Mat<T> delta = shadow_->delta(i);
    proposed_.emplace_back(delta.n_rows, delta.n_cols);
    shown_.emplace_back(delta.n_rows, delta.n_cols);
  }
}

template <class T>
void Alignment<T>::add(const std::vector<std::unique_ptr<Driver<T>>>& drivers, std::size_t draws,
                       std::uint64_t update) {
  shadow_->clear();
  shadow_->propose(update);
  const std::vector<std::size_t>& watched = shadow_->connections();
  for (std::size_t i = 0; i < watched.size(); ++i) {
    shown_[i].all() += shadow_->delta(i);
    for (const auto& driver : drivers) {
      const T share = driver->needs_exploration() ? 1 / static_cast<T>(draws) : T(1);
      for (std::size_t k = 0; k < driver->connections().size(); ++k) {
        if (driver->connections()[k] == watched[i]) proposed_[i].all() += share * driver->delta(k);
      }
    }
  }
}

template <class T>
std::optional<double> Alignment<T>::take() {
  double product = 0, ours = 0, theirs = 0;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    const T *a = proposed_[i].data(), *b = shown_[i].data();
    for (std::size_t k = 0; k < shown_[i].size(); ++k) {
      product += static_cast<double>(a[k]) * static_cast<double>(b[k]);
      ours += static_cast<double>(a[k]) * static_cast<double>(a[k]);
      theirs += static_cast<double>(b[k]) * static_cast<double>(b[k]);
    }
    proposed_[i].zero();
    shown_[i].zero();
  }
  const double lengths = std::sqrt(ours) * std::sqrt(theirs);
  if (!(lengths > 0)) return std::nullopt;
  return product / lengths;
}

template <class T>
void Alignment<T>::save(StateWriter& writer) const {
  shadow_->save(writer);
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    writer.matrix("proposed", proposed_[i].data(), proposed_[i].rows(), proposed_[i].columns());
    writer.matrix("shown", shown_[i].data(), shown_[i].rows(), shown_[i].columns());
  }
}

template <class T>
void Alignment<T>::load(StateReader& reader) {
  shadow_->load(reader);
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    reader.matrix("proposed", proposed_[i].data(), proposed_[i].rows(), proposed_[i].columns());
    reader.matrix("shown", shown_[i].data(), shown_[i].rows(), shown_[i].columns());
  }
}

template class Alignment<float>;
template class Alignment<double>;

}  // namespace deltaw
