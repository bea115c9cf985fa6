// SPDX-License-Identifier: Apache-2.0
// Trials: what a network with time is shown, what it should answer, and when. Plain values: any
// thread.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>

#include "core/window.hpp"

namespace deltaw {

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
