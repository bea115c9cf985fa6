// SPDX-License-Identifier: Apache-2.0
// A library that did not come with the program is tried in a child process before it is loaded.
// Call where no other thread runs.
#pragma once

#include "plugin/manifest.hpp"

namespace deltaw {

// Loads it there, makes each rule and prepares it. Errors: E140, E141 (10 s) or E142, now or when
// it was tried before: it is quarantined, and says how to lift that. What else is wrong with it is
// told where it is loaded for use.
void probe(const Manifest& manifest);

}  // namespace deltaw
