// SPDX-License-Identifier: Apache-2.0
// The state of a run, kept while it goes on so that another process can end it with the same bits.
// One thread a run.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/state.hpp"
#include "result/record.hpp"

namespace deltaw {

// Where states of a run come from and go to.
struct StatePlan {
  std::optional<std::string> kept = {};            // by an earlier process
  std::function<void(std::string)> on_state = {};  // empty: none is made
  std::function<void(double)> on_resumed = {};     // told of the epochs that were done before
  std::chrono::duration<double> every{60};         // between two states
};

class Checkpoint {
 public:
  using Save = std::function<void(StateWriter&)>;
  using Load = std::function<double(StateReader&)>;

  // The state is the record's curve, alignment and errors, and what `save` writes. All must outlive
  // it.
  Checkpoint(const StatePlan& plan, RunRecord& record, Save save);

  // Loads what an earlier process kept, if anything; then true. `load` gives the epochs done.
  // Error: E306.
  [[nodiscard]] bool resume(const Load& load);
  // The run can be stopped and resumed here: keeps its state, where it is time.
  void pass();
  // The run has ended; where it was interrupted, its state is kept.
  void keep_interrupted();

 private:
  void restore(const Load& load);
  void keep();

  const StatePlan& plan_;
  RunRecord& record_;
  Save save_;
  std::chrono::steady_clock::time_point kept_ = std::chrono::steady_clock::now();
};

}  // namespace deltaw
