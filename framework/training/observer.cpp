// SPDX-License-Identifier: Apache-2.0
// One queue, one thread.
#include "training/observer.hpp"

#include <utility>

#include "core/clock.hpp"

namespace deltaw {

Observer::Observer(std::function<void(const Window&)> observe)
    : observe_(std::move(observe)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

Observer::~Observer() = default;

void Observer::show(const Window& piece) {
  {
    const std::scoped_lock lock(mutex_);
    pieces_.push_back(piece);
  }
  changed_.notify_all();
}

void Observer::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return pieces_.empty() && !is_busy_; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Observer::abandon() noexcept {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return pieces_.empty() && !is_busy_; });
  failure_ = nullptr;
}

void Observer::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !pieces_.empty(); })) {
    const Window piece = pieces_.front();
    pieces_.pop_front();
    is_busy_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      observe_(piece);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    seconds_ = thread_seconds();
    if (failure && !failure_) failure_ = failure;
    is_busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace deltaw
