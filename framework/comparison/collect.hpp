// SPDX-License-Identifier: Apache-2.0
// Workers on threads of their own, and one queue through which they tell the calling thread what
// they find: it alone writes and prints.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace deltaw {

// Of messages, or what a worker threw. Any thread.
template <class Message>
class Queue {
 public:
  using Item = std::variant<Message, std::exception_ptr>;

  void put(Item item) {
    {
      const std::scoped_lock lock(mutex_);
      items_.push_back(std::move(item));
    }
    arrived_.notify_one();
  }
  // All items so far; waits for the first, but no longer than `patience`.
  std::deque<Item> take(std::chrono::microseconds patience = std::chrono::milliseconds(100)) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, patience, [&] { return !items_.empty(); });
    return std::exchange(items_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> items_;
};

// Calls `work` on `jobs` threads until each has returned, `deliver` here with every message, and
// `wait` here about ten times a second. What `work` or `deliver` throws is thrown here, after the
// workers were asked to stop, as they are when `stop` is.
template <class Message>
void collect(std::size_t jobs, const std::stop_token& stop,
             const std::function<void(Queue<Message>&, const std::stop_token&)>& work,
             const std::function<void(const Message&)>& deliver,
             const std::function<void()>& wait) {
  Queue<Message> queue;
  // An exception out of here must end the runs under way before their data go.
  std::stop_source stop_workers;
  const std::stop_callback pass_on(stop, [&] { stop_workers.request_stop(); });
  std::atomic<std::size_t> working{jobs};
  std::vector<std::jthread> workers;
  struct StopFirst {
    std::stop_source& source;
    ~StopFirst() { source.request_stop(); }
  } const stop_first{stop_workers};
  for (std::size_t i = 0; i < jobs; ++i) {
    workers.emplace_back([&] {
      try {
        work(queue, stop_workers.get_token());
      } catch (...) {
        queue.put(std::current_exception());
      }
      --working;
    });
  }
  for (bool is_over = false; !is_over;) {
    is_over = working == 0;  // read before the queue, so that nothing put last is missed
    for (const auto& item : queue.take()) {
      if (const auto* failure = std::get_if<std::exception_ptr>(&item)) {
        std::rethrow_exception(*failure);
      }
      deliver(std::get<Message>(item));
    }
    if (wait) wait();
  }
}

}  // namespace deltaw
