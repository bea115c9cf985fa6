// SPDX-License-Identifier: Apache-2.0
// How well the changes that one rule proposes agree with those of a reference, over the updates of
// a snapshot. One thread a run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/matrix.hpp"
#include "core/state.hpp"
#include "result/record.hpp"
#include "training/pair_sums.hpp"

namespace deltaw {

// A connection as it is named in results, and the number of its weights.
struct ComparedConnection {
  std::string name;
  std::size_t weights;
};

template <class T>
class Agreement {
 public:
  // `draws`: changes that an update asks for. `explores`: one draw says nothing of many.
  Agreement(std::string rule, std::vector<ComparedConnection> connections, std::size_t draws,
            bool explores);

  [[nodiscard]] std::size_t draws() const { return draws_; }
  // One draw's change of connection i beside the reference's.
  void add(std::size_t i, const T* own, const T* reference);
  // After all draws of an update.
  void end_update(std::size_t i, const T* reference);
  // The rows of a snapshot that is over, the whole first, and begins anew. `totals`: for each
  // connection the sum of the reference's changes over its updates.
  void end_snapshot(double epoch, std::size_t updates, const std::vector<const T*>& totals,
                    std::vector<AlignmentRow>& rows);

  // What was added since the last snapshot. Between two updates.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  struct Sums {
    PairSums single, mean, total;  // one draw, the mean over draws, the sum over updates
  };
  [[nodiscard]] AlignmentRow row_of(const Sums& sums) const;

  std::string rule_;
  std::vector<ComparedConnection> connections_;
  std::size_t draws_;
  bool explores_;
  std::vector<Sums> sums_;                 // by connection
  std::vector<Buffer<T>> means_, totals_;  // likewise
};

extern template class Agreement<float>;
extern template class Agreement<double>;

}  // namespace deltaw
