// SPDX-License-Identifier: Apache-2.0
// How far a tuning is, on standard error: a bar with time left on a terminal, a line for each run
// that ends in a pipe. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "tuning/plan.hpp"
#include "tuning/trial_record.hpp"

namespace deltaw {

class TuningProgress {
 public:
  TuningProgress(const TuningPlan& plan, const std::vector<TrialRecord>& done, bool is_silent);
  ~TuningProgress();
  TuningProgress(const TuningProgress&) = delete;
  TuningProgress& operator=(const TuningProgress&) = delete;

  void run(const TrialRecord& record);
  void redraw();  // at most ten times a second

 private:
  void count(const TrialRecord& record);
  void clear_bar() const;

  const TuningPlan& plan_;
  bool is_silent_, is_terminal_;
  std::size_t runs_done_ = 0, epochs_done_ = 0, epochs_before_ = 0;
  std::string latest_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = {};
};

}  // namespace deltaw
