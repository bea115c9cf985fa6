// SPDX-License-Identifier: Apache-2.0
// One counter tells of a new round, another who has done its part of it.
#include "core/team.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace deltaw {
namespace {

constexpr int k_spins = 4000;  // some 50 us
// Longer than it takes to wake a thread; less than what a processor's owner gets at a time.
constexpr std::chrono::microseconds k_late{500};

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

Team::Team(std::size_t members) {
  for (std::size_t k = 1; k < members; ++k) others_.emplace_back([this, k] { follow(k); });
}

Team::~Team() {
  has_ended_ = true;
  start();
  for (std::thread& other : others_) other.join();
}

void Team::start() {
  done_.store(0, std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

// A member that lost its processor gets ours.
void Team::wait() {
  using Clock = std::chrono::steady_clock;
  const auto are_done = [&] { return done_.load(std::memory_order_acquire) == others_.size(); };
  for (int spins = 0; spins < k_spins; ++spins) {
    if (are_done()) {
      alone_next_ = std::max(alone_next_ / 2, k_least_alone);
      return;
    }
    relax();
  }
  const auto begun = Clock::now();
  while (!are_done()) std::this_thread::yield();
  if (Clock::now() - begun < k_late) return;
  alone_ = alone_next_;
  alone_next_ = std::min(2 * alone_next_, k_most_alone);
}

void Team::follow(std::size_t member) {
  for (std::uint32_t round = 0;;) {
    for (int spins = 0; spins < k_spins && round_.load(std::memory_order_acquire) == round; ++spins)
      relax();
    round_.wait(round, std::memory_order_acquire);
    ++round;
    if (has_ended_) return;
    call_(work_, member);
    done_.fetch_add(1, std::memory_order_release);
  }
}

double Team::seconds() const {
  double total = 0;
  for (const std::thread& other : others_) {
    clockid_t clock{};
    timespec time{};
    const auto handle = const_cast<std::thread&>(other).native_handle();
    if (pthread_getcpuclockid(handle, &clock) != 0 || clock_gettime(clock, &time) != 0) continue;
    total += static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }
  return total;
}

}  // namespace deltaw
