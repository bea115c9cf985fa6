// SPDX-License-Identifier: Apache-2.0
#include "input.hpp"

#include "core/error.hpp"
#include "places.hpp"

namespace deltaw {

const char* const k_source_folder = DELTAW_SOURCE_DIR;
const char* const k_build_folder = DELTAW_BINARY_DIR;

}  // namespace deltaw

namespace deltaw::test {

bool is_refused(Input& input, std::string_view bytes) {
  try {
    input.read(bytes);
    return false;
  } catch (const Error& error) {
    if (error.code() == Code::E001) throw;
    return true;
  }
}

}  // namespace deltaw::test
