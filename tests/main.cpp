// SPDX-License-Identifier: Apache-2.0
// doctest's main function and the places, shared by every test executable.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "places.hpp"

namespace deltaw {

const char* const k_source_folder = DELTAW_SOURCE_DIR;
const char* const k_build_folder = DELTAW_BINARY_DIR;

}  // namespace deltaw
