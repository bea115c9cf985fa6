// SPDX-License-Identifier: Apache-2.0
// Words for people, on standard error. Where it is closed or full they are lost, and nothing else:
// work goes on. Any thread.
#pragma once

#include <string_view>

namespace deltaw {

// One write of `text` as it is.
void say(std::string_view text);
// From now on nothing is said: another process says it.
void say_nothing();

}  // namespace deltaw
