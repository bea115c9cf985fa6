// SPDX-License-Identifier: Apache-2.0
// Signal handlers may do little: this one sets a flag and lets the next signal through. It may run
// on any thread.
#include "interrupt.hpp"

#include <atomic>
#include <csignal>

namespace deltaw {
namespace {

std::atomic<bool> g_is_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "or the handler may not touch it");

// A signal that is ignored stays so: a shell that starts jobs in the background asks for that.
void replace(void (*from)(int), void (*to)(int)) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto before = std::signal(signal, to);
    if (before != from) std::signal(signal, before);
  }
}

void note(int) {
  g_is_requested = true;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

Interrupt::Interrupt() {
  g_is_requested = false;
  replace(SIG_DFL, note);
}

Interrupt::~Interrupt() { replace(note, SIG_DFL); }

bool Interrupt::is_requested() { return g_is_requested; }

}  // namespace deltaw
