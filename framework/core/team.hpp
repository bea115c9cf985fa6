// SPDX-License-Identifier: Apache-2.0
// Threads that share out short pieces of work, hundreds of thousands of times a second: between two
// pieces they spin for some microseconds before they sleep. Where processors are busy with
// something else, so that one member waits for another that does not run, the first does all for a
// while, and ever longer: without that, two threads took 26 times as long as one. One thread a
// team, its first member.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace deltaw {

// [first, last) of what is shared out.
struct Range {
  std::size_t first = 0, last = 0;
};

// What member k of so many gets of n: all parts but the last are multiples of `grain`.
[[nodiscard]] constexpr Range share_of(std::size_t n, std::size_t k, std::size_t members,
                                       std::size_t grain = 1) {
  const std::size_t grains = (n + grain - 1) / grain;
  const auto end = [&](std::size_t part) {
    const std::size_t place = grains * part / members * grain;
    return place < n ? place : n;
  };
  return {end(k), end(k + 1)};
}

class Team {
 public:
  // REQUIRES: members >= 1, the calling thread among them.
  explicit Team(std::size_t members);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] std::size_t members() const { return others_.size() + 1; }

  // part(k) for each member k, 0 on this thread, or all of them on this thread; returns when all
  // are done. `part` must not throw.
  template <class Part>
  void run(const Part& part) {
    if (alone_ > 0) {
      --alone_;
      for (std::size_t k = 0; k < members(); ++k) part(k);
      return;
    }
    call_ = [](const void* work, std::size_t k) { (*static_cast<const Part*>(work))(k); };
    work_ = &part;
    start();
    part(0);
    wait();
  }

  // CPU time of the other members so far, in seconds, spinning included.
  [[nodiscard]] double seconds() const;

 private:
  static constexpr std::uint32_t k_least_alone = 1 << 8, k_most_alone = 1 << 18;

  void follow(std::size_t member);
  void start();
  void wait();

  void (*call_)(const void*, std::size_t) = nullptr;
  const void* work_ = nullptr;
  std::uint32_t alone_ = 0, alone_next_ = k_least_alone;  // pieces that this thread does by itself
  // On lines of their own, as all members read the one and write the other.
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<std::uint32_t> done_{0};
  alignas(64) std::atomic<bool> has_ended_{false};
  std::vector<std::thread> others_;
};

}  // namespace deltaw
