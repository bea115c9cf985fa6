# SPDX-License-Identifier: Apache-2.0
# Warnings for our own code only: link deltaw_warnings PRIVATE.
add_library(deltaw_warnings INTERFACE)
target_compile_options(deltaw_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-align
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
  $<$<BOOL:${DELTAW_WERROR}>:-Werror>)
