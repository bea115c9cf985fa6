// SPDX-License-Identifier: Apache-2.0
// A letter's first byte says what it is. From rank 0: a run to train, or to go home. To it: what a
// rank tells of itself, that it has nothing to do, a message of its run, an error, or that it is
// gone, which is the last.
#include "comparison/compare_over_ranks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "comparison/collect.hpp"
#include "comparison/message.hpp"
#include "comparison/message_bytes.hpp"
#include "comparison/runner.hpp"
#include "core/error_bytes.hpp"

namespace deltaw {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr char k_run = 'R', k_home = 'H';
constexpr char k_self = 'S', k_idle = 'I', k_message = 'M', k_error = 'E', k_gone = 'G';
constexpr auto k_look = 1ms;      // between looks for letters
constexpr auto k_redraw = 100ms;  // between calls of on_wait

std::string letter(char kind, const std::string& text = "") { return kind + text; }

// What rank 0 knows of the others; sends them home at the latest when it goes.
class Followers {
 public:
  explicit Followers(Ranks& ranks)
      : ranks_(ranks),
        runs_(static_cast<std::size_t>(ranks.size())),
        is_sent_home_(runs_.size()),
        left_(ranks.size() - 1) {}
  ~Followers() {
    send_home();
    while (left_ > 0) {
      if (const auto came = ranks_.receive()) {
        if (came->bytes.front() == k_gone) --left_;
      } else {
        std::this_thread::sleep_for(k_look);
      }
    }
  }
  Followers(const Followers&) = delete;
  Followers& operator=(const Followers&) = delete;

  [[nodiscard]] bool is_any_here() const { return left_ > 0; }
  [[nodiscard]] std::size_t run_of(int rank) const { return runs_[static_cast<std::size_t>(rank)]; }

  // Who is sent home stops what it trains, and keeps its state.
  void send_home() {
    for (int rank = 1; rank < ranks_.size(); ++rank) send_home(rank);
  }
  void send_home(int rank) {
    if (!is_sent_home_[static_cast<std::size_t>(rank)]) ranks_.send(rank, letter(k_home));
    is_sent_home_[static_cast<std::size_t>(rank)] = true;
  }
  void give(int rank, std::size_t run, const std::optional<std::string>& state) {
    if (is_sent_home_[static_cast<std::size_t>(rank)]) return;
    runs_[static_cast<std::size_t>(rank)] = run;
    json what = {run, json()};
    if (state) what[1] = json::binary(std::vector<std::uint8_t>(state->begin(), state->end()));
    std::string bytes;
    json::to_cbor(what, bytes);
    ranks_.send(rank, letter(k_run, bytes));
  }
  // The next letter but of those who are gone; none when there is none now.
  std::optional<Ranks::Letter> hear() {
    auto came = ranks_.receive();
    if (!came || came->bytes.front() != k_gone) return came;
    --left_;
    return std::nullopt;
  }

 private:
  Ranks& ranks_;
  std::vector<std::size_t> runs_;   // by rank: what it was given last
  std::vector<bool> is_sent_home_;  // by rank
  int left_;
};

// A run under way on a thread of its own.
struct Training {
  std::stop_source stop;
  std::atomic<bool> is_done{false};
  std::jthread thread;
};

}  // namespace

void lead(Ranks& ranks, const Experiment& experiment, const std::vector<PreparedArm>& arms,
          const std::function<void(int rank, const std::string& told)>& check,
          const std::stop_token& stop, const Listener& listener, const Earlier& earlier) {
  Followers followers(ranks);
  const std::size_t count = arms.size() * experiment.seeds.size();
  const auto arm_of = [&](std::size_t run) -> const std::string& {
    return arms[run % arms.size()].arm().name;
  };
  const auto seed_of = [&](std::size_t run) { return experiment.seeds[run / arms.size()]; };
  const auto has_ended = [&](std::size_t run) {
    return earlier.has_ended && earlier.has_ended(arm_of(run), seed_of(run));
  };
  std::size_t next = 0;
  std::vector<int> waiting;  // idle ranks, before all have told of themselves
  int unknown = ranks.size() - 1;
  const auto give_next = [&](int rank) {
    while (next < count && has_ended(next)) ++next;
    if (next == count) return followers.send_home(rank);
    const std::size_t run = next++;
    followers.give(rank, run,
                   earlier.state ? earlier.state(arm_of(run), seed_of(run)) : std::nullopt);
  };
  auto drawn = std::chrono::steady_clock::now();
  while (followers.is_any_here()) {
    if (stop.stop_requested()) followers.send_home();
    if (listener.on_wait && std::chrono::steady_clock::now() - drawn > k_redraw) {
      listener.on_wait();
      drawn = std::chrono::steady_clock::now();
    }
    const auto came = followers.hear();
    if (!came) {
      std::this_thread::sleep_for(k_look);
      continue;
    }
    const std::string text = came->bytes.substr(1);
    switch (came->bytes.front()) {
      case k_self:
        check(came->from, text);
        if (--unknown == 0) {
          for (const int rank : waiting) give_next(rank);
        }
        break;
      case k_idle:
        if (unknown > 0) {
          waiting.push_back(came->from);
        } else {
          give_next(came->from);
        }
        break;
      case k_message: {
        const std::size_t run = followers.run_of(came->from);
        deliver(message_of(text, arm_of(run), seed_of(run)), listener);
        break;
      }
      default: {
        const Error error = error_of(text);
        throw Error(error.code(), fmt::format("rank {}: {}", came->from, error.headline()),
                    error.detail());
      }
    }
  }
}

void send_home(Ranks& ranks) { const Followers followers(ranks); }

void follow(Ranks& ranks, const std::string& told, const Experiment& experiment,
            const std::vector<PreparedArm>& arms, const Task& task,
            std::chrono::duration<double> between_states) {
  const Telling telling = {std::max<std::size_t>(1, experiment.jobs), between_states};
  Runner runner(experiment, task);
  Queue<Message> queue;
  std::optional<Training> training;
  bool is_sent_home = false;
  const auto train = [&](const std::string& bytes) {
    const json what = json::from_cbor(bytes);
    const auto run = what[0].get<std::size_t>();
    std::optional<std::string> state;
    if (!what[1].is_null()) {
      state.emplace(what[1].get_binary().begin(), what[1].get_binary().end());
    }
    training.emplace();
    training->thread = std::jthread([&, run, state] {
      try {
        const PreparedArm& arm = arms[run % arms.size()];
        const std::uint64_t seed = experiment.seeds[run / arms.size()];
        const Put put = [&](Message message) { queue.put(std::move(message)); };
        const Earlier earlier = {.state = [&](const std::string&, std::uint64_t) { return state; }};
        const RunPlan plan = plan_run(experiment, telling, earlier, arm.arm().name, seed, put);
        put(runner.run(arm, seed, plan, training->stop.get_token()));
      } catch (...) {
        queue.put(std::current_exception());
      }
      training->is_done = true;
    });
  };
  ranks.send(0, letter(k_self, told));
  ranks.send(0, letter(k_idle));
  while (training || !is_sent_home) {
    while (const auto came = ranks.receive()) {
      if (came->bytes.front() == k_home) is_sent_home = true;
      if (came->bytes.front() == k_run) train(came->bytes.substr(1));
    }
    if (training && is_sent_home) training->stop.request_stop();
    const bool is_done = training && training->is_done;  // read before the queue
    for (const auto& item : queue.take(k_look)) {
      if (const auto* failure = std::get_if<std::exception_ptr>(&item)) {
        std::rethrow_exception(*failure);
      }
      ranks.send(0, letter(k_message, bytes_of(std::get<Message>(item))));
    }
    if (is_done) {
      training.reset();
      ranks.send(0, letter(k_idle));
    }
  }
  ranks.send(0, letter(k_gone));
}

void give_up(Ranks& ranks, const Error& error) {
  ranks.send(0, letter(k_error, bytes_of(error)));
  for (bool is_sent_home = false; !is_sent_home;) {
    const auto came = ranks.receive();
    is_sent_home = came && came->bytes.front() == k_home;
    if (!came) std::this_thread::sleep_for(k_look);
  }
  ranks.send(0, letter(k_gone));
}

}  // namespace deltaw
