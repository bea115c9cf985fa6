# SPDX-License-Identifier: Apache-2.0
# deltaw_add_test(NAME SOURCES... [LIBRARIES ...] [LABEL unit]): one doctest executable, one CTest entry.
find_path(DELTAW_DOCTEST_INCLUDE doctest/doctest.h REQUIRED)
find_program(DELTAW_PYTHON python3 REQUIRED)
add_library(deltaw_test_main OBJECT ${PROJECT_SOURCE_DIR}/tests/main.cpp)
target_include_directories(deltaw_test_main SYSTEM PUBLIC ${DELTAW_DOCTEST_INCLUDE})
target_compile_definitions(deltaw_test_main PRIVATE
  DELTAW_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DELTAW_BINARY_DIR="${PROJECT_BINARY_DIR}")

function(deltaw_add_test name)
  cmake_parse_arguments(arg "" "LABEL" "LIBRARIES" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS} $<TARGET_OBJECTS:deltaw_test_main>)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_include_directories(test_${name} SYSTEM PRIVATE ${DELTAW_DOCTEST_INCLUDE})
  target_link_libraries(test_${name} PRIVATE deltaw::framework deltaw_warnings ${arg_LIBRARIES})
  deltaw_precompile(test_${name})
  # A test is compiled more often than run; and gcc raises false alarms about std::string where its
  # header is precompiled (its bug 105651).
  target_compile_options(test_${name} PRIVATE $<$<CONFIG:Release>:-O1>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()
