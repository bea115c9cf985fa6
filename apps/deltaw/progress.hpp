// SPDX-License-Identifier: Apache-2.0
// How far a comparison is, on standard error: a bar with time left (and trials a second, where the
// task is in trials) on a terminal, a line for each run that ends in a pipe. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "comparison/compare.hpp"

namespace deltaw {

class Progress {
 public:
  // `epochs`, or trials, of all runs together; the result of a run is told by `readout`, if not
  // empty. A silent one tells only of failed runs.
  Progress(std::size_t runs, double epochs, bool is_in_trials, std::string readout, bool is_silent);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // So much of a run was done by an earlier process.
  void resumed(const std::string& rule, std::uint64_t seed, double epochs);
  void epoch(const RunEvent& event);
  void readout(const ReadoutEvent& event);
  void shown(const ShownEvent& event);
  void run(const RunOutcome& outcome);
  void redraw();  // at most ten times a second

 private:
  struct Beginning {
    std::string doing;
    std::size_t done;
    std::chrono::steady_clock::time_point time;
  };
  void advance(const std::string& rule, std::uint64_t seed, double epochs);
  [[nodiscard]] std::string result_text(const EpochRow& row) const;
  [[nodiscard]] std::string result_text(const RunRecord& record) const;
  void clear_bar() const;

  std::size_t runs_, runs_done_ = 0;
  double epochs_, epochs_done_ = 0;
  bool is_in_trials_, is_silent_, is_terminal_;
  std::string readout_, latest_;
  // Of each run: epochs done; and when, and at which sample, it began what it does.
  std::map<std::pair<std::string, std::uint64_t>, double> epochs_of_;
  std::map<std::pair<std::string, std::uint64_t>, Beginning> beginnings_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = {};
};

// "1:05" or "2:03:04".
[[nodiscard]] std::string clock_text(double seconds);

// Of the terminal on standard error, in characters; 80 where it does not tell.
[[nodiscard]] std::size_t terminal_width();

}  // namespace deltaw
