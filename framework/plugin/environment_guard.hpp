// SPDX-License-Identifier: Apache-2.0
// What a library must leave alone while it is loaded: floating-point environment of this thread,
// locale, working directory and signal handlers of the process. Use by one thread at a time.
#pragma once

#include <signal.h>

#include <array>
#include <cfenv>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace deltaw {

class EnvironmentGuard {
 public:
  EnvironmentGuard();

  // Puts back what changed since construction; returns W401 and W402, naming `plugin`.
  [[nodiscard]] std::vector<Error> restore(const std::filesystem::path& plugin) const;

 private:
  std::fenv_t floating_;
  std::string locale_;
  std::filesystem::path folder_;
  std::array<struct sigaction, 32> handlers_;  // of the signals 1 .. 31
};

}  // namespace deltaw
