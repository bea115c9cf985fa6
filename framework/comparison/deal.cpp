// SPDX-License-Identifier: Apache-2.0
// A letter's first byte says what it is. From rank 0: a piece of work, or to go home. To it: what a
// rank tells of itself, that it has nothing to do, a message about its piece, an error, or that it
// is gone, which is the last.
#include "comparison/deal.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <set>
#include <thread>
#include <vector>

#include "comparison/collect.hpp"
#include "core/error_bytes.hpp"
#include "core/thrown.hpp"

namespace deltaw {
namespace {

using namespace std::chrono_literals;

constexpr char k_piece = 'P', k_home = 'H';
constexpr char k_self = 'S', k_idle = 'I', k_message = 'M', k_error = 'E', k_gone = 'G';
constexpr auto k_look = 100us;  // between looks for letters of who has nothing else to do
constexpr auto k_glance = 1ms;  // and of who has
constexpr auto k_wait = 100ms;  // between calls of wait

std::string letter(char kind, const std::string& text = "") { return kind + text; }

// What rank 0 knows of the others; sends them home at the latest when it goes.
class Followers {
 public:
  explicit Followers(Ranks& ranks)
      : ranks_(ranks),
        is_sent_home_(static_cast<std::size_t>(ranks.size())),
        left_(ranks.size() - 1) {}
  ~Followers() {
    send_home();
    while (left_ > 0) {
      if (!hear()) std::this_thread::sleep_for(k_look);
    }
  }
  Followers(const Followers&) = delete;
  Followers& operator=(const Followers&) = delete;

  [[nodiscard]] bool is_any_here() const { return left_ > 0; }

  // Who is sent home stops its work.
  void send_home() {
    for (int rank = 1; rank < ranks_.size(); ++rank) send_home(rank);
  }
  void send_home(int rank) {
    if (!is_sent_home(rank)) ranks_.send(rank, letter(k_home));
    is_sent_home_[static_cast<std::size_t>(rank)] = true;
  }
  [[nodiscard]] bool is_sent_home(int rank) const {
    return is_sent_home_[static_cast<std::size_t>(rank)];
  }
  // The next letter; none when there is none now.
  std::optional<Ranks::Letter> hear() {
    auto came = ranks_.receive();
    if (came && came->bytes.front() == k_gone) --left_;
    return came;
  }

 private:
  Ranks& ranks_;
  std::vector<bool> is_sent_home_;  // by rank
  int left_;
};

[[noreturn]] void throw_from(int rank, const Error& error) {
  throw Error(error.code(), fmt::format("rank {}: {}", rank, error.headline()), error.detail());
}

// Another rank after a failure: rank 0 sends it home, if it has not yet.
void leave(Ranks& ranks, const Error& error, bool is_sent_home) {
  ranks.send(0, letter(k_error, bytes_of(error)));
  while (!is_sent_home) {
    const auto came = ranks.receive();
    is_sent_home = came && came->bytes.front() == k_home;
    if (!came) std::this_thread::sleep_for(k_look);
  }
  ranks.send(0, letter(k_gone));
}

}  // namespace

void deal(Ranks& ranks, const Dealing& dealing, const std::stop_token& stop) {
  Followers followers(ranks);
  std::set<int> idle;
  int unknown = ranks.size() - 1;
  auto waited = std::chrono::steady_clock::now();
  while (followers.is_any_here()) {
    if (stop.stop_requested()) followers.send_home();
    if (dealing.wait && std::chrono::steady_clock::now() - waited > k_wait) {
      dealing.wait();
      waited = std::chrono::steady_clock::now();
    }
    const auto came = followers.hear();
    if (!came) {
      std::this_thread::sleep_for(k_look);
      continue;
    }
    const char kind = came->bytes.front();
    const std::string text = came->bytes.substr(1);
    if (kind == k_error) throw_from(came->from, error_of(text));
    if (kind == k_message) dealing.hear(came->from, text);
    if (kind == k_idle) idle.insert(came->from);
    if (kind == k_self) {
      dealing.check(came->from, text);
      --unknown;
    }
    if (unknown > 0) continue;
    std::erase_if(idle, [&](int rank) {
      if (followers.is_sent_home(rank)) return true;
      const auto piece = dealing.next(rank);
      if (piece) ranks.send(rank, letter(k_piece, *piece));
      if (!piece && dealing.is_over()) followers.send_home(rank);
      return piece || dealing.is_over();
    });
  }
}

void send_home(Ranks& ranks) { const Followers followers(ranks); }

void follow(Ranks& ranks, const std::string& told, const WorkOnPiece& work) {
  struct Working {
    std::stop_source stop;
    std::atomic<bool> is_done{false};
    std::jthread thread;
  };
  Queue<std::string> queue;
  const Tell tell = [&](const std::string& message) { queue.put(message); };
  std::optional<Working> working;
  const auto begin = [&](const std::string& piece) {
    working.emplace();
    working->thread = std::jthread([&work, &queue, &tell, &now = *working, piece] {
      try {
        work(piece, tell, now.stop.get_token());
      } catch (...) {
        queue.put(std::current_exception());
      }
      now.is_done = true;
    });
  };
  bool is_sent_home = false;
  std::optional<Error> failure;
  ranks.send(0, letter(k_self, told));
  ranks.send(0, letter(k_idle));
  while (!failure && (working || !is_sent_home)) {
    while (const auto came = ranks.receive()) {
      if (came->bytes.front() == k_home) is_sent_home = true;
      if (came->bytes.front() == k_piece) begin(came->bytes.substr(1));
    }
    if (working && is_sent_home) working->stop.request_stop();
    const bool is_done = working && working->is_done;  // read before the queue
    for (const auto& item : queue.take(is_done ? 0us : working ? k_glance : k_look)) {
      if (const auto* thrown = std::get_if<std::exception_ptr>(&item)) {
        try {
          std::rethrow_exception(*thrown);
        } catch (...) {
          failure.emplace(thrown_error());
        }
      } else {
        ranks.send(0, letter(k_message, std::get<std::string>(item)));
      }
    }
    if (is_done) {
      working.reset();
      if (!failure) ranks.send(0, letter(k_idle));
    }
  }
  if (failure) return leave(ranks, *failure, is_sent_home);
  ranks.send(0, letter(k_gone));
}

void give_up(Ranks& ranks, const Error& error) { leave(ranks, error, false); }

}  // namespace deltaw
