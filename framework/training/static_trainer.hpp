// SPDX-License-Identifier: Apache-2.0
// The training loop of static networks: present a batch, run the network, let each rule propose,
// take the step. Written once for every rule. One thread a trainer.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "network/network.hpp"
#include "task/split.hpp"
#include "training/alignment.hpp"
#include "training/driver.hpp"
#include "training/evaluation.hpp"
#include "training/presentation.hpp"
#include "training/spec.hpp"

namespace deltaw {

// Samples first, first + 1, ..., last - 1 of what is learnt, and the outputs that answer for them.
struct Group {
  Window samples, outputs;
};

template <class T>
class StaticTrainer {
 public:
  // Draws the initial weights. `data` must outlive the trainer, which learns its training part.
  // Errors: E205 when input or output do not fit the data, E204 a network with time, E51x graph,
  // E503 specs, those of Driver.
  StaticTrainer(const NetworkSpec& network, const TrainingSpec& training,
                std::vector<DriveSpec> drives, const Split<T>& data, std::uint64_t seed)
      : StaticTrainer(network, training, std::move(drives), data.train, seed) {}
  StaticTrainer(const NetworkSpec& network, const TrainingSpec& training,
                std::vector<DriveSpec> drives, const Partition<T>& data, std::uint64_t seed);
  StaticTrainer(const StaticTrainer&) = delete;
  StaticTrainer& operator=(const StaticTrainer&) = delete;

  // From now on learns these samples, which must outlive the trainer; no batch has samples of two
  // groups, and batches of several groups mix. Rules and, unless reset, optimizers go on as they
  // are. Errors: as the constructor's of the data.
  void learn(const Partition<T>& data, std::vector<Group> groups);
  void reset_optimizers();

  // What is left of one pass over what is learnt in this epoch's order, cut off after so many
  // updates; `on_batch` is called after every batch. False when stopped between two batches: the
  // epoch then counts as not done, and the next call goes on with it. Errors: E304 when activity or
  // weights are no longer finite; E30x from rules.
  bool train_epoch(const std::stop_token& stop = {}, const std::function<void()>& on_batch = {},
                   std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

  // From now on rules watch, whose time is not counted; a row of the curve comes every
  // `evaluate_every` epochs. The bits of the training do not depend on it. Before load(), and with
  // the same plan. Errors: those of Alignment.
  void watch(AlignmentPlan plan);
  // What was seen since the last call, `epoch` in epochs.
  [[nodiscard]] std::vector<AlignmentRow> take_alignment();

  [[nodiscard]] std::size_t epoch() const { return epoch_; }  // epochs done
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] double seconds() const;  // CPU time spent in training
  [[nodiscard]] const Network<T>& network() const { return network_; }
  [[nodiscard]] Network<T>& network() { return network_; }
  [[nodiscard]] Evaluator<T>& evaluator() { return evaluator_; }
  [[nodiscard]] Work work() const;
  [[nodiscard]] std::size_t state_bytes() const;  // what rules and optimizers keep beside weights
  // What all rules show after the last update.
  [[nodiscard]] std::vector<Monitored> monitored() const;

  // Everything that a resumed run needs to go on with the same bits. Between batches.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  struct Batch {
    Window places;  // in order_
    std::size_t group;
  };
  void begin_epoch();
  void draw_order();
  void train_batch(std::span<const std::size_t> samples);
  void explore(std::size_t draws);
  void count(std::size_t draws);
  void check_activity() const;
  void check_weights() const;

  TrainingSpec spec_;
  const Partition<T>* data_;
  std::uint64_t seed_;
  Network<T> network_;
  Presentation<T> presentation_;
  Evaluator<T> evaluator_;
  std::vector<std::unique_ptr<Driver<T>>> drivers_;
  // In this epoch: the drivers at work, the layers that they are shown with all their sources,
  // those of them that no other is computed from, and the other layers, for those that watch.
  std::vector<Driver<T>*> active_;
  std::vector<bool> wanted_, last_, rest_;
  std::optional<Alignment<T>> alignment_;
  bool is_explored_ = false, is_taught_ = false, is_rewarded_ = false;
  std::uint64_t shown_synapses_ = 0, all_synapses_ = 0;  // of one pass to wanted_, or to all
  std::vector<Group> groups_;
  std::vector<std::size_t> order_;  // samples, group by group
  std::vector<Batch> batches_;
  std::vector<std::size_t> batch_order_;
  std::size_t epoch_ = 0, batch_ = 0;  // batches done in this epoch
  std::uint64_t updates_ = 0;
  Work work_;                    // without the drivers' own, but for what was loaded
  double seconds_ = 0;           // up to begun_
  std::optional<double> begun_;  // by the thread's clock, less what watching took; in an epoch
};

extern template class StaticTrainer<float>;
extern template class StaticTrainer<double>;

}  // namespace deltaw
