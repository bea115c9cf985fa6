// SPDX-License-Identifier: Apache-2.0
// The training loop of static networks: present a batch, run the network, let each rule propose,
// take the step. Written once for every rule. One thread a trainer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "network/network.hpp"
#include "task/split.hpp"
#include "training/driver.hpp"
#include "training/evaluation.hpp"
#include "training/presentation.hpp"
#include "training/spec.hpp"

namespace deltaw {

template <class T>
class StaticTrainer {
 public:
  // Draws the initial weights. `data` must outlive the trainer. Errors: E205 when input or output
  // do not fit the data, E51x graph, E503 specs, those of Driver.
  StaticTrainer(const NetworkSpec& network, const TrainingSpec& training,
                std::vector<DriveSpec> drives, const Split<T>& data, std::uint64_t seed);
  StaticTrainer(const StaticTrainer&) = delete;
  StaticTrainer& operator=(const StaticTrainer&) = delete;

  // What is left of one pass over the training part in this epoch's order; `on_batch` is called
  // after every batch. False when stopped between two batches: the epoch then counts as not done,
  // and the next call goes on with it. Errors: E304 when activity or weights are no longer finite;
  // E30x from rules.
  bool train_epoch(const std::stop_token& stop = {}, const std::function<void()>& on_batch = {});

  [[nodiscard]] std::size_t epoch() const { return epoch_; }  // epochs done
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] double seconds() const;  // CPU time spent in training
  [[nodiscard]] const Network<T>& network() const { return network_; }
  [[nodiscard]] Network<T>& network() { return network_; }
  [[nodiscard]] Evaluator<T>& evaluator() { return evaluator_; }
  // What all rules show after the last update.
  [[nodiscard]] std::vector<Monitored> monitored() const;

  // Everything that a resumed run needs to go on with the same bits. Between batches.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void begin_epoch();
  void train_batch(std::span<const std::size_t> samples, double epoch);
  void check_activity() const;
  void check_weights() const;

  TrainingSpec spec_;
  const Split<T>& data_;
  std::uint64_t seed_;
  Network<T> network_;
  Presentation<T> presentation_;
  Evaluator<T> evaluator_;
  std::vector<std::unique_ptr<Driver<T>>> drivers_;
  // In this epoch: the drivers at work, the layers that they are shown with all their sources, and
  // those of them that no other is computed from.
  std::vector<Driver<T>*> active_;
  std::vector<bool> wanted_, last_;
  bool is_explored_ = false;
  std::vector<std::size_t> order_;
  std::size_t epoch_ = 0, batch_ = 0;  // batches done in this epoch
  std::uint64_t updates_ = 0;
  double seconds_ = 0;           // up to begun_
  std::optional<double> begun_;  // by the thread's clock; while an epoch is trained
};

extern template class StaticTrainer<float>;
extern template class StaticTrainer<double>;

}  // namespace deltaw
