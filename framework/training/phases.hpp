// SPDX-License-Identifier: Apache-2.0
// The two blocks that a rule with phases is shown of each batch, in a pass of its own: others see
// nothing of it, and which rules there are changes nobody's bits. One thread a run.
#pragma once

#include <cstdint>
#include <vector>

#include "training/drive.hpp"
#include "training/presentation.hpp"

namespace deltaw {

template <class T>
class Phases {
 public:
  // `shown` is the pass without phases. Errors: E206 without a loss, of a nudge with cross-entropy,
  // of a contrast without label inputs or with a single class.
  Phases(const DriveSpec& drive, Network<T>& network, const Presentation<T>& shown);

  // What the rule's signals are taken from.
  [[nodiscard]] Presentation<T>& presentation() { return own_; }
  // Of a contrast: from now on these layers (one flag each) are run, and their sources.
  void want(const std::vector<bool>& layers);
  // Adds what the pass without phases must have run.
  void add_shown(std::vector<bool>& layers) const;

  // REQUIRES: the pass without phases is done, as far as add_shown() asked.
  void show_first(std::uint64_t update);
  // Of the same update.
  void show_second(std::uint64_t update);

  // Of the network, beyond the pass without phases.
  [[nodiscard]] std::uint64_t multiply_adds() const { return multiply_adds_; }

 private:
  void take_shown(std::uint64_t update);
  void nudge(T strength);
  void contrast(std::uint64_t update, bool is_right);

  PhasesSpec::Type type_;
  T strength_ = 0;
  bool is_symmetric_ = false;
  const Network<T>& network_;
  const Presentation<T>& shown_;
  Presentation<T> own_;
  std::vector<bool> wanted_;
  std::uint64_t synapses_ = 0;  // multiplied by, for one observation in one phase
  std::uint64_t multiply_adds_ = 0;
};

extern template class Phases<float>;
extern template class Phases<double>;

}  // namespace deltaw
