// SPDX-License-Identifier: Apache-2.0
// A file descriptor of the system, closed when its owner goes. One thread.
#pragma once

#include <unistd.h>

#include <utility>

namespace deltaw {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}  // negative: none
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  // Whether the system has nothing against it, as it may where what was written is lost.
  bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

}  // namespace deltaw
