// SPDX-License-Identifier: Apache-2.0
// Signal handlers may do little: this one sets a flag and lets the next signal through.
#include "interrupt.hpp"

#include <csignal>

namespace deltaw {
namespace {

volatile std::sig_atomic_t g_is_requested = 0;

void note(int signal) {
  g_is_requested = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

Interrupt::Interrupt() {
  g_is_requested = 0;
  std::signal(SIGINT, note);
  std::signal(SIGTERM, note);
}

Interrupt::~Interrupt() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool Interrupt::is_requested() { return g_is_requested != 0; }

}  // namespace deltaw
