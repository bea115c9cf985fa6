// SPDX-License-Identifier: Apache-2.0
// For tests: the exact gradient as a rule, to hold other rules against. One thread an instance.
#pragma once

#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>

namespace deltaw::testing {

template <class T>
struct Exact {
  static constexpr auto id = "exact";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;
  explicit Exact(const Setup& setup) : transport(setup) {}
  void update(const Signals<T>& s, Deltas<T>& deltas) {
    Backward<T> exact;
    transport.send(s.columns(), deltas, exact);
  }
  ErrorTransport<T> transport;
};

}  // namespace deltaw::testing
