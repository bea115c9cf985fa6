# SPDX-License-Identifier: Apache-2.0
# deltaw_embed(TARGET NAME FILE): the text of FILE as `deltaw::embedded::NAME`, a constexpr
# std::string_view, in the header "embedded/NAME.hpp" that only TARGET sees.
set(DELTAW_EMBED_TEMPLATE ${CMAKE_CURRENT_LIST_DIR}/embedded.hpp.in)

function(deltaw_embed target name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  get_filename_component(source ${file} NAME)
  configure_file(${DELTAW_EMBED_TEMPLATE} ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.hpp @ONLY)
  # SYSTEM: clang warns of literals as long as a library of charts.
  target_include_directories(${target} SYSTEM PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
