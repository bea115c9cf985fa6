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

// Something in which kinds of trials differ, for regressions; of contexts, in the first.
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

  // What is learnt one after the other, named by type; empty where nothing changes.
  [[nodiscard]] const std::vector<std::string>& contexts() const { return shape_.contexts; }
  // Of each context; 0 where there are none.
  [[nodiscard]] std::size_t trials_of_context() const { return shape_.trials_of_context; }

  // Trial `index` of the training of a run with this seed: a function of both alone.
  [[nodiscard]] Trial trial(std::uint64_t seed, std::uint64_t index) const;
  // Trial `index` of that kind in that context, for tests: its draws are those of no trial() and of
  // no other kind, and the same in every context.
  // REQUIRES: kind < kinds(); context < contexts().size(), or 0.
  [[nodiscard]] Trial of_kind(std::uint32_t kind, std::uint64_t seed, std::uint64_t index,
                              std::size_t context = 0) const;

 protected:
  struct Shape {
    std::size_t channels, outputs, steps;
    double dt;
    bool is_cyclic;  // kinds 0, 1, ... in turn; else each trial's is drawn
    std::vector<std::string> kind_names;
    std::vector<Factor> factors;
    std::vector<NamedWindow> windows;
    std::vector<std::string> contexts = {};
    std::size_t trials_of_context = 0;
  };
  explicit TrialTask(Shape shape) : shape_(std::move(shape)) {}

  // Inputs and target of zeros.
  [[nodiscard]] Trial empty_trial(std::uint32_t kind, Window response) const;

 private:
  [[nodiscard]] virtual Trial make(std::uint32_t kind, std::size_t context,
                                   Random& random) const = 0;

  Shape shape_;
};

// "delayed-nonmatch", "delayed-match", "selective-integration", "sine-sum".
[[nodiscard]] const std::vector<std::string>& trial_task_types();

// Errors: E503 for an unknown type or order, times out of order or that dt does not divide, no
// response window, and values that the type cannot use.
[[nodiscard]] std::unique_ptr<const TrialTask> make_trial_task(const TrialTaskSpec& spec);

}  // namespace deltaw
