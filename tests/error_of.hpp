// SPDX-License-Identifier: Apache-2.0
// For tests: the Error that a call throws, to look at its parts. Any thread.
#pragma once

#include <doctest/doctest.h>

#include <optional>

#include "core/error.hpp"

namespace deltaw {

// Fails the test when f() throws none; lets what is no Error through.
template <class F>
Error error_of(const F& f) {
  std::optional<Error> caught;
  try {
    f();
  } catch (const Error& thrown) {
    caught = thrown;
  }
  REQUIRE_MESSAGE(caught.has_value(), "nothing was thrown");
  return *caught;
}

}  // namespace deltaw
