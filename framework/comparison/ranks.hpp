// SPDX-License-Identifier: Apache-2.0
// Processes that a launcher (mpirun) started together, on one machine or many, and how they write
// to each other. One thread at a time.
#pragma once

#include <optional>
#include <string>

namespace deltaw {

class Ranks {
 public:
  struct Letter {
    int from;
    std::string bytes;
  };

  virtual ~Ranks() = default;

  [[nodiscard]] virtual int rank() const = 0;  // 0 leads
  [[nodiscard]] virtual int size() const = 0;
  // Letters from one rank to another arrive in order.
  virtual void send(int to, const std::string& bytes) = 0;
  // The next that is there, from whomever; does not wait.
  [[nodiscard]] virtual std::optional<Letter> receive() = 0;
};

}  // namespace deltaw
