// SPDX-License-Identifier: Apache-2.0
// Exploration: the noise that the host adds so that a reward can tell what was good. Drawn by
// (seed, purpose, layer or connection, number of the draw) alone, so that every rule meets the same
// noise.
// One thread a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "network/network.hpp"
#include "training/spec.hpp"

namespace deltaw {

template <class T>
class Exploration {
 public:
  // Error: E503 when the noise contradicts the network or itself: rates in a network without time,
  // more than one event a step, a rate without an amplitude.
  Exploration(Network<T>& network, const ExplorationSpec& spec, std::size_t max_columns,
              std::uint64_t seed, std::string_view purpose = "");

  [[nodiscard]] bool reaches_units() const { return spec_.deviation > 0 || spec_.amplitude > 0; }
  [[nodiscard]] bool reaches_weights() const { return spec_.weight_deviation > 0; }

  // From now on draw() makes noise for this layer. REQUIRES: reaches_units().
  void perturb_units(std::size_t layer);
  // And on_units() shows it.
  void show_units(std::size_t layer);
  // From now on draw() makes noise for this connection. REQUIRES: reaches_weights().
  void perturb_weights(std::size_t connection);

  // New noise for a pass of so many columns; `number` counts the passes of a whole training.
  void draw(std::uint64_t number, std::size_t columns);
  [[nodiscard]] const Noise<T>& noise() const { return noise_; }
  // The noise of the latest draw: units x its columns. REQUIRES: show_units(layer).
  [[nodiscard]] arma::Mat<T> on_units(std::size_t layer) const;
  // outputs x inputs. REQUIRES: perturb_weights(connection).
  [[nodiscard]] arma::Mat<T> on_weights(std::size_t connection) const {
    return on_weights_[connection].all();
  }

  // Puts the noise into the weights, and takes it out again, to the bit.
  void shift_weights();
  void restore_weights();

 private:
  [[nodiscard]] double on_drive(std::size_t layer, double amount) const;
  void draw_everywhere(std::size_t layer, std::uint64_t number, std::size_t columns);
  void draw_in_places(std::size_t layer, std::uint64_t number, std::size_t columns);

  Network<T>& network_;
  ExplorationSpec spec_;
  std::size_t max_columns_;
  std::uint64_t seed_;
  std::vector<std::size_t> layers_, connections_;  // perturbed, in order
  std::vector<std::string> layer_purposes_, connection_purposes_;
  Noise<T> noise_;
  std::vector<Buffer<T>> shown_;                     // by layer, of noise in places
  std::vector<Buffer<T>> on_weights_, unperturbed_;  // by connection
  std::size_t columns_ = 0;
};

extern template class Exploration<float>;
extern template class Exploration<double>;

}  // namespace deltaw
