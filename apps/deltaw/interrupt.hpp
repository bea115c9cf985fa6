// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: the first asks the work to end cleanly, the second ends the program. One at a time.
#pragma once

namespace deltaw {

// While it lives, SIGINT and SIGTERM are noted instead of ending the program; a second signal has
// its default effect. Where they are ignored they stay so.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] static bool is_requested();
};

}  // namespace deltaw
