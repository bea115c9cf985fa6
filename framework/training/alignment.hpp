// SPDX-License-Identifier: Apache-2.0
// How far what the rules propose points along what another rule would, over some trials. One
// thread a run.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/state.hpp"
#include "training/driver.hpp"

namespace deltaw {

template <class T>
class Alignment {
 public:
  // `shadow` watches: its changes are never made. It sees the pass without noise.
  explicit Alignment(std::unique_ptr<Driver<T>> shadow);

  // Takes in one trial: what `drivers` have proposed, those that explore in so many draws, and what
  // the shadow does on the clean pass.
  void add(const std::vector<std::unique_ptr<Driver<T>>>& drivers, std::size_t draws,
           std::uint64_t update);
  // The cosine between the sums of both since the last call, over all connections that the shadow
  // drives; empty where either sum is 0 or nothing was added.
  [[nodiscard]] std::optional<double> take();

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  std::unique_ptr<Driver<T>> shadow_;
  std::vector<Buffer<T>> proposed_, shown_;  // sums by the shadow's connections
};

extern template class Alignment<float>;
extern template class Alignment<double>;

}  // namespace deltaw
