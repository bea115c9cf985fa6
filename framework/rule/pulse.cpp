// SPDX-License-Identifier: Apache-2.0
// A few stores beside each call.
#include "rule/pulse.hpp"

#include <algorithm>

namespace deltaw {
namespace {

RulePulse* g_pulse = nullptr;

}  // namespace

void tell_pulse(RulePulse* pulse) { g_pulse = pulse; }

Beat::Beat(const void* instance, std::string_view key, const char* call, std::uint64_t update) {
  if (g_pulse == nullptr) return;
  if (g_pulse->instance != instance || std::string_view(call) == "create") {
    g_pulse->instance = instance;
    const std::size_t n = std::min(key.size(), sizeof g_pulse->key - 1);
    std::copy_n(key.data(), n, g_pulse->key);
    g_pulse->key[n] = '\0';
  }
  g_pulse->call.store(call, std::memory_order_relaxed);
  g_pulse->update.store(update, std::memory_order_relaxed);
  g_pulse->count.store(g_pulse->count.load(std::memory_order_relaxed) + 1,
                       std::memory_order_release);
}

Beat::~Beat() {
  if (g_pulse == nullptr) return;
  g_pulse->count.store(g_pulse->count.load(std::memory_order_relaxed) + 1,
                       std::memory_order_release);
}

}  // namespace deltaw
