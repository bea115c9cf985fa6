// SPDX-License-Identifier: Apache-2.0
// A rule at work: its instances, the connections they drive, and the way from ΔW to the weights.
// One thread a run.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "network/service.hpp"
#include "rule/instance.hpp"
#include "training/drive.hpp"
#include "training/optimizer.hpp"
#include "training/phases.hpp"
#include "training/signals.hpp"
#include "training/work.hpp"

namespace deltaw {

template <class T>
class Driver {
 public:
  // Errors: E503 epochs in a network with time, E203 dtype, E204 dynamics or grain, E206 signals,
  // phases or no loss, E137 a rule with phases that does not observe, E510 unknown connection,
  // E30x.
  Driver(DriveSpec spec, Network<T>& network, Presentation<T>& presentation, std::uint64_t seed);

  [[nodiscard]] const RuleSpec& rule() const { return spec_.rule; }
  [[nodiscard]] bool needs_exploration() const { return needs_exploration_; }
  // Indices of the connections driven.
  [[nodiscard]] const std::vector<std::size_t>& connections() const { return connections_; }

  // Whether it drives in this epoch, counted from 0.
  [[nodiscard]] bool is_active(std::size_t epoch) const { return spec_.epochs.holds(epoch); }
  // Adds the layers (one flag each) whose activity the rule is shown.
  void add_shown(std::vector<bool>& layers) const;

  // Starts a new update: no change proposed yet.
  void clear();
  // Whether a trial can be shown in pieces, all but the last by observe().
  [[nodiscard]] bool takes_pieces() const;
  void observe(std::uint64_t update, const Window& piece);
  // Asks the rule for its change on the present block, or on its last piece; several calls add up.
  // A rule with phases is shown the block in both.
  void propose(std::uint64_t update) { propose(update, {0, presentation_.columns()}); }
  void propose(std::uint64_t update, const Window& piece);
  // Takes the mean of `proposals` changes through optimizer and constraint into the weights; none
  // is proposed then. Outputs that do not answer have no change. `epoch` of `total_epochs`,
  // fractions allowed, is the time of the training; the schedule's begins and ends with the epochs
  // of the drive.
  void apply(std::size_t proposals, double epoch, double total_epochs);

  // Forgets what the optimizers know of earlier changes.
  void reset_optimizers();

  // The change proposed so far, of the i-th of connections(): outputs x inputs. After apply() 0, and
  // NaN where it was not finite.
  [[nodiscard]] arma::Mat<T> delta(std::size_t i) const { return deltas_[i].all(); }

  // What the rule shows after the last update, in the order of connections().
  [[nodiscard]] std::vector<Monitored> monitored() const;

  // Multiply-adds and synaptic updates since it was made.
  [[nodiscard]] Work work() const;
  // What rule and optimizers keep beside the weights.
  [[nodiscard]] std::size_t state_bytes() const;

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  struct Served {                                // one instance, and what it is shown and asked for
    std::unique_ptr<NetworkService<T>> service;  // network scope
    std::unique_ptr<ConnectionSignals<T>> signals;  // local scope
    std::unique_ptr<RuleInstance> instance;
    std::vector<deltaw_matrix> deltas;
  };
  [[nodiscard]] deltaw_block block(Served& served, std::uint64_t update, const Window& piece,
                                   bool is_rewarded) const;
  void count_shown(const Window& piece);
  void ask(std::uint64_t update, const Window& piece);
  void serve(const std::vector<std::size_t>& places, Presentation<T>& presentation,
             std::uint64_t seed);
  void serve_phases(const Served& served);

  DriveSpec spec_;
  Network<T>& network_;
  Presentation<T>& presentation_;
  bool needs_exploration_;
  std::unique_ptr<Phases<T>> phases_;  // of a rule that has them
  std::vector<std::size_t> connections_;
  std::vector<Buffer<T>> deltas_;
  bool is_clear_ = true;  // whether all deltas are zero
  std::vector<std::unique_ptr<Optimizer<T>>> optimizers_;
  std::vector<Served> served_;
  std::uint64_t synapses_ = 0;  // driven
  std::uint64_t shown_ = 0;     // the same, once for every place of an image
  Work work_;                   // without what services were asked for
};

extern template class Driver<float>;
extern template class Driver<double>;

}  // namespace deltaw
