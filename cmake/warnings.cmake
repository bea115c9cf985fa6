# SPDX-License-Identifier: Apache-2.0
# Warnings for our own code only: link deltaw_warnings PRIVATE. Before 13, gcc's -Wrestrict is wrong
# about std::string, also in headers of others (its bug 105651).
add_library(deltaw_warnings INTERFACE)
target_compile_options(deltaw_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-align
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  $<$<BOOL:${DELTAW_WERROR}>:-Werror>)
