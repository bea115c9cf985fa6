// SPDX-License-Identifier: Apache-2.0
// A task in trials, whatever it is: what the trainer asks for trials and analyses for their
// structure. Immutable: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "task/trial.hpp"
#include "task/trial_task_spec.hpp"

namespace deltaw {

// Something in which kinds of trials differ, for regressions.
struct Factor {
  std::string name;
  std::vector<double> levels;  // one for each kind
};

class TrialTask {
 public:
  virtual ~TrialTask() = default;
  TrialTask(const TrialTask&) = delete;
  TrialTask& operator=(const TrialTask&) = delete;

  [[nodiscard]] std::size_t channels() const { return shape_.channels; }
  [[nodiscard]] std::size_t outputs() const { return shape_.outputs; }
  [[nodiscard]] std::size_t steps() const { return shape_.steps; }  // of every trial
  [[nodiscard]] double dt() const { return shape_.dt; }             // ms
  [[nodiscard]] std::size_t kinds() const { return shape_.kind_names.size(); }
  [[nodiscard]] const std::vector<std::string>& kind_names() const { return shape_.kind_names; }
  [[nodiscard]] const std::vector<Factor>& factors() const { return shape_.factors; }
  // In the order of their start. One that moves from trial to trial spans all its places; a delay
  // before it is the shortest.
  [[nodiscard]] const std::vector<NamedWindow>& windows() const { return shape_.windows; }

  // Trial `index` of the training of a run with this seed: a function of both alone.
  [[nodiscard]] Trial trial(std::uint64_t seed, std::uint64_t index) const;
  // Trial `index` of that kind, for tests: its draws are those of no trial() and of no other kind.
  // REQUIRES: kind < kinds().
  [[nodiscard]] Trial of_kind(std::uint32_t kind, std::uint64_t seed, std::uint64_t index) const;

 protected:
  struct Shape {
    std::size_t channels, outputs, steps;
    double dt;
    bool is_cyclic;  // kinds 0, 1, ... in turn; else each trial's is drawn
    std::vector<std::string> kind_names;
    std::vector<Factor> factors;
    std::vector<NamedWindow> windows;
  };
  explicit TrialTask(Shape shape) : shape_(std::move(shape)) {}

  // Inputs and target of zeros.
  [[nodiscard]] Trial empty_trial(std::uint32_t kind, Window response) const;

 private:
  [[nodiscard]] virtual Trial make(std::uint32_t kind, Random& random) const = 0;

  Shape shape_;
};

// "delayed-nonmatch", "delayed-match", "selective-integration", "sine-sum".
[[nodiscard]] const std::vector<std::string>& trial_task_types();

// Errors: E503 for an unknown type or order, times out of order or that dt does not divide, no
// response window, and values that the type cannot use.
[[nodiscard]] std::unique_ptr<const TrialTask> make_trial_task(const TrialTaskSpec& spec);

}  // namespace deltaw
