// SPDX-License-Identifier: Apache-2.0
// OpenBLAS with one thread, as the host has it, as long as any of these exists; then as Python had
// it. Any thread.
#pragma once

#include <cblas.h>

#include <mutex>

namespace deltaw::python {

class SingleThread {
 public:
  SingleThread() {
    const std::scoped_lock lock(mutex_);
    if (users_++ > 0) return;
    threads_ = openblas_get_num_threads();
    openblas_set_num_threads(1);
  }
  ~SingleThread() {
    const std::scoped_lock lock(mutex_);
    if (--users_ == 0) openblas_set_num_threads(threads_);
  }
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  static inline std::mutex mutex_;
  static inline int users_ = 0, threads_ = 1;
};

}  // namespace deltaw::python
