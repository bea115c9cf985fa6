// SPDX-License-Identifier: Apache-2.0
// One run in a forked process: what it tells comes through a pipe, and it stops when the other end
// of a second pipe is closed. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "comparison/message.hpp"
#include "core/error.hpp"
#include "rule/pulse.hpp"

namespace deltaw {

class RunProcess {
 public:
  using Work = std::function<RunOutcome(const Put&, const std::stop_token&)>;

  // Forks. The child calls `work`, tells what it puts and returns, and ends. REQUIRES: no other
  // thread runs. Error: E001 when the system gives no process.
  RunProcess(std::string rule, std::uint64_t seed, const Work& work);
  // Asks the run to stop, and waits for its end; kills it after 10 s.
  ~RunProcess();
  RunProcess(const RunProcess&) = delete;
  RunProcess& operator=(const RunProcess&) = delete;

  // Readable when something was told; and when the process has ended, if nobody else tells.
  [[nodiscard]] int descriptor() const { return from_; }
  // What was told since the last call, as far as it is there. Error: what the run threw.
  [[nodiscard]] std::vector<Message> take();
  // Whether no more will be told.
  [[nodiscard]] bool has_ended() const { return has_ended_; }

  void ask_to_stop();
  // Kills the process when one call of a rule has taken longer.
  void watch(std::chrono::duration<double> call_limit);

  // REQUIRES: has_ended(). What became of a run that told no outcome: E140, E141 or E142.
  [[nodiscard]] Error cause();

 private:
  [[noreturn]] void be_child(int to, int control, const Work& work);
  [[nodiscard]] std::string place() const;
  bool is_reaped();
  void reap();

  std::string rule_;
  std::uint64_t seed_;
  RulePulse* pulse_;  // shared with the child
  pid_t child_ = -1;
  int from_ = -1, control_ = -1;
  std::string bytes_;  // of messages that are not whole yet
  bool has_ended_ = false;
  int status_ = 0;
  std::uint64_t seen_ = 0;                // count of the pulse
  std::chrono::duration<double> age_{0};  // how long it has been that, of a call
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
  std::optional<double> late_;  // s that a call was given
};

}  // namespace deltaw
