// SPDX-License-Identifier: Apache-2.0
// Where a process is among its calls of rules, for another process that shares the memory: when the
// first crashes or hangs, the second knows in which step of which rule. One thread tells.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace deltaw {

struct RulePulse {
  std::atomic<std::uint64_t> count{0};   // of calls and returns: odd while a rule's code runs
  std::atomic<std::uint64_t> update{0};  // the index of the update
  std::atomic<const char*> call{""};     // "update", "prepare", ...; the same in a forked process
  const void* instance = nullptr;
  char key[120] = {};  // of the instance
};

// Where this process tells from now on; null: nowhere.
void tell_pulse(RulePulse* pulse);

// For as long as it lives a rule's code runs. `key` is copied when another instance is called.
class Beat {
 public:
  Beat(const void* instance, std::string_view key, const char* call, std::uint64_t update = 0);
  ~Beat();
  Beat(const Beat&) = delete;
  Beat& operator=(const Beat&) = delete;
};

}  // namespace deltaw
