// SPDX-License-Identifier: Apache-2.0
// One batch as it is presented: activity without and with exploration, targets, rewards.
// Written by the trainer, read by rules. One thread a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network/loss.hpp"
#include "network/network.hpp"
#include "training/spec.hpp"

namespace deltaw {

template <class T>
class Presentation {
 public:
  Presentation(const Network<T>& network, const TrainingSpec& spec, std::uint64_t seed);

  [[nodiscard]] bool can_explore() const { return exploration_.deviation > 0; }
  // Potentials of this layer are perturbed in explore(). REQUIRES: can_explore().
  void perturb(std::size_t layer);
  [[nodiscard]] bool is_explored() const { return !perturbed_layers_.empty(); }

  // Sets the width of the batch; the caller then fills inputs() and targets().
  void set_columns(std::size_t k);
  [[nodiscard]] arma::Mat<T> inputs() { return clean.post(network_.graph().input); }
  // Runs the network on the batch: clean activity, and the loss of each observation.
  void run();
  // Runs it once more with noise; `draw` numbers the passes of a whole training.
  void explore(std::uint64_t draw);

  [[nodiscard]] std::size_t columns() const { return clean.columns(); }

  Activity<T> clean, perturbed;
  Buffer<T> target;              // output units x max columns
  Buffer<T> reward, baseline;    // 1 x max columns: minus the loss, perturbed and clean
  std::vector<Buffer<T>> noise;  // by layer: units x max columns, empty where not perturbed
  const Loss<T> loss;

 private:
  const Network<T>& network_;
  ExplorationSpec exploration_;
  std::uint64_t seed_;
  std::vector<std::size_t> perturbed_layers_;
  std::vector<std::string> purposes_;  // of each layer's noise
};

extern template class Presentation<float>;
extern template class Presentation<double>;

}  // namespace deltaw
