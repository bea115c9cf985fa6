// SPDX-License-Identifier: Apache-2.0
// Rules that watch those that drive a network without spikes, and how all of them agree with a
// reference, most usefully the gradient. One thread a run.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/state.hpp"
#include "training/agreement.hpp"
#include "training/alignment_plan.hpp"
#include "training/shadow_driver.hpp"

namespace deltaw {

template <class T>
class Alignment {
 public:
  // What learns, which must outlive the alignment; `reward` is null in a static network.
  struct Run {
    Network<T>& network;
    Presentation<T>& presentation;
    const std::vector<Driver<T>*>& drivers;
    const TrainingSpec& training;
    const TrialReward<T>* reward;
    std::uint64_t seed;
  };

  // Errors: E206 for a reference that sees exploration; those of Driver.
  Alignment(AlignmentPlan plan, SnapshotTimes times, const Run& run);

  [[nodiscard]] bool is_watched(std::uint64_t update) const { return times_.is_watched(update); }
  // Takes in an update that is_watched(): what `drivers` have proposed, those that explore in so
  // many draws, and what each rule that watches would. REQUIRES: the clean pass of the presentation
  // is done, and no change is made yet. `epoch`: when the update is over. Allocates only at the end
  // of a snapshot.
  void watch(std::uint64_t update, std::span<Driver<T>* const> drivers, std::size_t draws,
             double epoch);
  // The rows of the snapshots that ended since the last call.
  [[nodiscard]] std::vector<AlignmentRow> take() { return std::exchange(rows_, {}); }

  // Who watches is no part of it. Between two updates.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  struct Watcher {
    std::unique_ptr<ShadowDriver<T>> shadow;  // null: the rules that drive
    std::vector<std::size_t> places;          // in its connections, of those compared
    std::vector<std::size_t> compared;        // the same ones, in compared_
    Agreement<T> agreement;
  };
  void compare_all(const std::vector<Driver<T>*>& drivers);
  void add_watcher(std::unique_ptr<ShadowDriver<T>> shadow, std::size_t draws, bool explores);
  void gather(std::span<Driver<T>* const> drivers, std::size_t draws);
  [[nodiscard]] const T* reference_at(std::size_t compared) const;
  void ask(Watcher& watcher, std::uint64_t update);
  void end_snapshot(double epoch);

  SnapshotTimes times_;
  const Network<T>& network_;
  std::unique_ptr<Driver<T>> reference_;  // null: the rules that drive
  std::vector<std::size_t> compared_;     // connections of the network
  std::vector<Buffer<T>> driven_;         // by compared connection: what the drivers proposed
  std::vector<Buffer<T>> totals_;         // and the reference's sum over the snapshot
  std::vector<Watcher> watchers_;
  std::size_t updates_ = 0;  // in this snapshot
  std::vector<AlignmentRow> rows_;
};

extern template class Alignment<float>;
extern template class Alignment<double>;

}  // namespace deltaw
