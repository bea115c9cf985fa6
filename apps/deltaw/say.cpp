// SPDX-License-Identifier: Apache-2.0
// stderr is not buffered, so one call is one write.
#include "say.hpp"

#include <atomic>
#include <cstdio>

namespace deltaw {
namespace {

std::atomic<bool> is_silent{false};

}  // namespace

void say(std::string_view text) {
  if (!is_silent) std::fwrite(text.data(), 1, text.size(), stderr);
}

void say_nothing() { is_silent = true; }

}  // namespace deltaw
