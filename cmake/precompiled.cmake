# SPDX-License-Identifier: Apache-2.0
# deltaw_precompile(TARGET): the large headers of others are parsed once, not once a file. The
# framework's own headers stay out: a change of one must not rebuild everything. Everything is compiled
# with the root's -fPIC, so that one precompiled header fits all.
function(deltaw_precompile target)
  if(NOT TARGET deltaw_precompiled)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
    add_library(deltaw_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(deltaw_precompiled PRIVATE
      deltaw_warnings fmt::fmt nlohmann_json::nlohmann_json)
    target_include_directories(deltaw_precompiled SYSTEM PRIVATE ${ARMADILLO_INCLUDE_DIRS})
    target_compile_definitions(deltaw_precompiled PRIVATE ARMA_DONT_USE_WRAPPER)
    target_precompile_headers(deltaw_precompiled PRIVATE
      <armadillo> <nlohmann/json.hpp> <fmt/format.h> <filesystem> <functional> <map> <string> <vector>)
    # What ccache takes for its contents (scripts/build): no two are the same to the bit.
    file(CONFIGURE
      OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/deltaw_precompiled.dir/cmake_pch.hxx.gch.sum
      CONTENT "${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} \
${ARMADILLO_VERSION_STRING} ${nlohmann_json_VERSION} ${fmt_VERSION}\n")
  endif()
  target_precompile_headers(${target} REUSE_FROM deltaw_precompiled)
endfunction()
add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)  # lets ccache in
