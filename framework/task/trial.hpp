// SPDX-License-Identifier: Apache-2.0
// Trials: what a network with time is shown, what it should answer, and when. Plain values: any
// thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <string>

namespace deltaw {

// Steps first, first + 1, ..., last - 1.
struct Window {
  std::size_t first = 0, last = 0;

  [[nodiscard]] std::size_t size() const { return last - first; }
  [[nodiscard]] bool holds(std::size_t step) const { return first <= step && step < last; }
};

// A part of a trial, for charts and analyses: "stimulus 1", "delay", ...
struct NamedWindow {
  std::string name;
  Window window;
};

struct Trial {
  arma::mat inputs;  // channels x steps
  arma::mat target;  // outputs x steps; counts inside `response` only
  Window response;
  std::uint32_t kind = 0;  // 0 .. kinds - 1: what `trial_kind` shows a rule
};

}  // namespace deltaw
