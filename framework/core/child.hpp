// SPDX-License-Identifier: Apache-2.0
// Work that may crash, hang or end its process, done in a child process. Call where no other
// thread runs.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace deltaw {

// Tells the parent what comes next, so that it knows where a child died.
using Stage = std::function<void(const std::string&)>;

struct ChildWork {
  std::string result;   // what the work returned
  std::string printed;  // on standard output and error
};

// What became of a child that did not answer: E140, E141 or E142.
class ChildError : public Error {
 public:
  ChildError(Code code, const std::string& what, Detail detail, int signal)
      : Error(code, what, std::move(detail)), signal_(signal) {}
  // That ended it; 0 where it ended by itself.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  int signal_;
};

// The first `seconds` of CPU time, or four times as many of the clock, are all that it gets.
// Errors: what the work throws; ChildError: E140 it crashed, E141 it took too long, E142 it ended
// the process, each with `name` and the last stage.
[[nodiscard]] ChildWork in_child(const std::string& name,
                                 const std::function<std::string(const Stage&)>& work,
                                 unsigned seconds = 60);

}  // namespace deltaw
