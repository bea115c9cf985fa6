// SPDX-License-Identifier: Apache-2.0
// A second thread that is shown the pieces of a trial, one after the other, while the next one is
// simulated. Which pieces there are does not depend on threads, so neither do the bits.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "core/window.hpp"

namespace deltaw {

class Observer {
 public:
  // Calls observe(piece) on the second thread.
  explicit Observer(std::function<void(const Window&)> observe);
  ~Observer();

  void show(const Window& piece);
  // Waits until all pieces have been observed; throws what observing one threw.
  void finish();
  // The same, and forgets what was thrown.
  void abandon() noexcept;
  // CPU time of the second thread; between finish() and show().
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  void work(const std::stop_token& stop);

  std::function<void(const Window&)> observe_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Window> pieces_;
  bool is_busy_ = false;
  double seconds_ = 0;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace deltaw
