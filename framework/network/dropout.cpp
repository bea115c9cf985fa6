// SPDX-License-Identifier: Apache-2.0
// One draw for each unit and column.
#include "network/dropout.hpp"

#include "core/random.hpp"

namespace deltaw {

template <class T>
Dropout<T>::Dropout(const std::string& layer, double share, std::size_t units)
    : purpose_("dropout/" + layer), share_(share), units_(units) {}

template <class T>
void Dropout<T>::draw(std::uint64_t seed, std::uint64_t number, std::size_t k) {
  if (factors_.columns() < k) factors_ = Buffer<T>(units_, k);
  Random random(seed, purpose_, number);
  const T kept = static_cast<T>(1 / (1 - share_));
  T* factors = factors_.data();
  for (std::size_t i = 0; i < units_ * k; ++i) factors[i] = random.uniform() < share_ ? T(0) : kept;
}

template <class T>
void Dropout<T>::apply(std::size_t k, const T* x, T beta, T* out) const {
  const T* factors = factors_.data();
  const std::size_t n = units_ * k;
  for (std::size_t i = 0; i < n; ++i) {
    const T fresh = factors_.size() > 0 ? factors[i] * x[i] : x[i];
    out[i] = beta == 0 ? fresh : beta * out[i] + fresh;
  }
}

template class Dropout<float>;
template class Dropout<double>;

}  // namespace deltaw
