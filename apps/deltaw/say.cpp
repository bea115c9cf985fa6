// SPDX-License-Identifier: Apache-2.0
// stderr is not buffered, so one call is one write.
#include "say.hpp"

#include <cstdio>

namespace deltaw {

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace deltaw
