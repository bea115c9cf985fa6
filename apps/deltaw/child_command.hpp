// SPDX-License-Identifier: Apache-2.0
// A command that runs beside this program. One thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace deltaw {

class ChildCommand {
 public:
  // Starts it, found in PATH; what it prints goes to `output`, else where this program's does.
  // Error: E600 when it cannot be started.
  explicit ChildCommand(const std::vector<std::string>& words,
                        const std::filesystem::path& output = {});
  ~ChildCommand();  // ends it if it runs, with all that it has started
  ChildCommand(const ChildCommand&) = delete;
  ChildCommand& operator=(const ChildCommand&) = delete;

  [[nodiscard]] bool is_running();
  // Waits for its end: its exit status, or 128 and the signal that ended it; 127 if nobody knows.
  int status();

 private:
  bool reap(bool waits);

  pid_t process_ = -1;
  int status_ = -1;  // -1: runs
};

}  // namespace deltaw
