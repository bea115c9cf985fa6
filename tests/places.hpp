// SPDX-License-Identifier: Apache-2.0
// Where the source tree and the build lie. One object file knows, so that all others are the same
// in every clone, and a compile cache can give them.
#pragma once

namespace deltaw {

extern const char* const k_source_folder;
extern const char* const k_build_folder;

}  // namespace deltaw
