// SPDX-License-Identifier: Apache-2.0
// Errors of one arm among several say which. Any thread.
#pragma once

#include <fmt/format.h>

#include <string>

#include "core/error.hpp"

namespace deltaw {

// What f returns; an Error that it throws gets "arm 'NAME': " before its headline.
template <class F>
auto naming_arm(const std::string& name, const F& f) {
  try {
    return f();
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("arm '{}': {}", name, error.headline()), error.detail());
  }
}

}  // namespace deltaw
