// SPDX-License-Identifier: Apache-2.0
// The clock that this process shows to whoever asks through the C library: the true one, or one
// that is made up. A program that uses this has its own clock_gettime, clock, gettimeofday, time
// and timespec_get, which come before those of the C library for plugins, too; out of reach are
// instructions of the processor, and system calls that go round the library. For child processes
// of one thread.
#pragma once

#include <cstdint>

namespace deltaw {

struct MadeUpClock {
  std::int64_t start = 0;  // ns, of every clock
  std::int64_t step = 0;   // ns that pass from one question to the next
};

// From now on, until the process ends.
void make_up_clock(const MadeUpClock& clock);
// Back to its start, where it is made up.
void restart_clock();

}  // namespace deltaw
