// SPDX-License-Identifier: Apache-2.0
// The CPU time of the calling thread. Any thread.
#pragma once

#include <ctime>

namespace deltaw {

[[nodiscard]] inline double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace deltaw
