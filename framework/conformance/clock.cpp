// SPDX-License-Identifier: Apache-2.0
// Functions of the C library by their own names; without a made-up clock they pass on.
#include "conformance/clock.hpp"

#include <dlfcn.h>
#include <sys/time.h>

#include <ctime>
#include <optional>

namespace deltaw {
namespace {

std::optional<MadeUpClock> made_up;
std::int64_t now = 0;

constexpr std::int64_t k_second = 1'000'000'000;

std::int64_t next() { return now += made_up->step; }

timespec next_time() {
  const std::int64_t at = next();
  return {at / k_second, at % k_second};
}

// The function of that name that would be called without this file.
template <class Function>
Function* next_one(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

void make_up_clock(const MadeUpClock& clock) {
  made_up = clock;
  now = clock.start;
}

void restart_clock() {
  if (made_up) now = made_up->start;
}

}  // namespace deltaw

extern "C" {

int clock_gettime(clockid_t id, timespec* out) noexcept {
  static auto* const real = deltaw::next_one<int(clockid_t, timespec*)>("clock_gettime");
  if (!deltaw::made_up) return real(id, out);
  *out = deltaw::next_time();
  return 0;
}

int gettimeofday(timeval* out, void* zone) noexcept {
  static auto* const real = deltaw::next_one<int(timeval*, void*)>("gettimeofday");
  if (!deltaw::made_up) return real(out, zone);
  const timespec time = deltaw::next_time();
  *out = {time.tv_sec, static_cast<suseconds_t>(time.tv_nsec / 1000)};
  return 0;
}

time_t time(time_t* out) noexcept {
  static auto* const real = deltaw::next_one<time_t(time_t*)>("time");
  if (!deltaw::made_up) return real(out);
  const time_t seconds = deltaw::next_time().tv_sec;
  if (out != nullptr) *out = seconds;
  return seconds;
}

clock_t clock() noexcept {
  static auto* const real = deltaw::next_one<clock_t()>("clock");
  if (!deltaw::made_up) return real();
  return static_cast<clock_t>(deltaw::next() / (deltaw::k_second / CLOCKS_PER_SEC));
}

int timespec_get(timespec* out, int base) noexcept {
  static auto* const real = deltaw::next_one<int(timespec*, int)>("timespec_get");
  if (!deltaw::made_up) return real(out, base);
  *out = deltaw::next_time();
  return base;
}

}  // extern "C"
