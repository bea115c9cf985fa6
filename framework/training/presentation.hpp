// SPDX-License-Identifier: Apache-2.0
// One block as it is presented, a batch or a trial: activity without and with exploration, targets,
// rewards. Written by the trainer, read by rules. One thread a run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/window.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"
#include "training/exploration.hpp"
#include "training/spec.hpp"

namespace deltaw {

template <class T>
class Presentation {
 public:
  // The noise of `purpose` and the layer is drawn apart from that of any other.
  Presentation(Network<T>& network, const TrainingSpec& spec, std::size_t max_columns,
               std::uint64_t seed, std::string_view purpose = "");
  // As wide as `other`, with the same loss and nothing explored.
  Presentation(Network<T>& network, const Presentation& other);

  // Sets the width of the block, all of which counts and has a reward for each observation, until
  // the caller says otherwise; it then fills inputs(), starts() and target.
  void set_columns(std::size_t k);
  // Shows what another one shows: inputs, starts, target and what counts; nothing is run.
  void copy_shown(const Presentation& other);
  [[nodiscard]] arma::Mat<T> inputs() { return clean.post(network_.graph().input); }
  // Of a layer with time: its potential before the first step, units x 1.
  [[nodiscard]] arma::Mat<T> start(std::size_t layer) { return clean.start(layer); }

  // From now on runs with other units silent where the network has dropout; `number` counts the
  // blocks of a whole training. Both passes silence the same.
  void draw_dropout(std::uint64_t number);
  // Runs the network on the block.
  void run();
  // The same for the wanted layers alone (one flag each). REQUIRES: all their sources are wanted,
  // or run already.
  void run(const std::vector<bool>& wanted);
  // Runs it with noise, piece after piece, and calls after(piece) when one is done; `draw` numbers
  // the passes of a whole training. Nothing is allocated.
  template <class After>
  void explore(std::uint64_t draw, std::span<const Window> pieces, After after) {
    begin_exploring(draw);
    struct Restore {  // also when activity diverges
      Exploration<T>& exploration;
      ~Restore() { exploration.restore_weights(); }
    } const restore{exploration};
    for (const Window& piece : pieces) {
      network_.forward(perturbed, &exploration.noise(), piece);
      after(piece);
    }
  }
  // Runs the perturbed pass with this noise instead.
  void disturb(const Noise<T>& noise);
  // Minus the loss of each observation, 1 x K.
  void price(const Activity<T>& activity, Buffer<T>& out) const;

  [[nodiscard]] std::size_t columns() const { return clean.columns(); }
  [[nodiscard]] std::size_t output() const { return network_.graph().output; }
  // How many of the first inputs tell the label.
  [[nodiscard]] std::size_t label_inputs() const { return label_inputs_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

  Activity<T> clean, perturbed;
  Buffer<T> target;            // output units x max columns; 0 x max columns without a loss
  Window counted;              // the observations on which loss and error are taken
  std::uint32_t kind = 0;      // of the trial
  Buffer<T> reward, baseline;  // 1 x max columns
  std::size_t rewards = 0;     // columns of these two that are given: K, or 1 for the whole block
  Exploration<T> exploration;
  const Loss<T> loss;

 private:
  void copy_start() { copy_start(clean, perturbed); }
  void copy_start(const Activity<T>& from, Activity<T>& to) const;
  void begin_exploring(std::uint64_t draw);

  const Network<T>& network_;
  std::uint64_t seed_;
  std::size_t label_inputs_;
  std::optional<std::uint64_t> dropped_;  // the number of the latest draw of dropout
};

extern template class Presentation<float>;
extern template class Presentation<double>;

}  // namespace deltaw
