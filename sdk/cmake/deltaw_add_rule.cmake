# SPDX-License-Identifier: Apache-2.0
# deltaw_add_rule(NAME SOURCE... MANIFEST FILE): builds NAME.so with one exported symbol, checks the
# manifest against it with `deltaw manifest`, and puts both side by side, ready to be found, with the
# case files (*.case.json) of the folder. Where tests are enabled, `deltaw check` is one.
set(DELTAW_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(deltaw_add_rule name)
  cmake_parse_arguments(arg "" "MANIFEST" "" ${ARGN})
  if(NOT arg_MANIFEST)
    message(FATAL_ERROR "deltaw_add_rule(${name}): MANIFEST is missing")
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  if("${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}" MATCHES "-ffast-math|-Ofast")
    message(FATAL_ERROR "deltaw_add_rule(${name}): -ffast-math changes the host's arithmetic too")
  endif()
  set(folder ${CMAKE_BINARY_DIR}/lib/deltaw/plugins/1/${name})
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/${arg_MANIFEST})
  set(target rule_${name})
  string(REPLACE "-" "_" target ${target})

  add_library(${target} MODULE ${arg_UNPARSED_ARGUMENTS})
  if("${arg_UNPARSED_ARGUMENTS}" MATCHES "\\.(cpp|cc|cxx)(;|$)")
    target_link_libraries(${target} PRIVATE deltaw::sdk)
    set(compiler "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
  else()
    target_link_libraries(${target} PRIVATE deltaw::abi)
    set(compiler "${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}")
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} LIBRARY_OUTPUT_DIRECTORY ${folder}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${DELTAW_SDK_CMAKE_DIR}/one_symbol.map)
  target_compile_options(${target} PRIVATE -ffp-contract=off
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE
    -Wl,--version-script=${DELTAW_SDK_CMAKE_DIR}/one_symbol.map -Wl,--exclude-libs,ALL
    $<$<NOT:$<BOOL:${DELTAW_SANITIZED}>>:-Wl,-z,defs>)

  if(TARGET deltaw)
    set(program deltaw)
  else()
    set(program deltaw::deltaw)
  endif()
  set(checked ${folder}/${name}.rule.json)
  add_custom_command(OUTPUT ${checked}
    COMMAND ${program} manifest ${manifest} --library $<TARGET_FILE:${target}> --output ${checked}
            --build "compiler=${compiler}"
    DEPENDS ${target} ${manifest} ${program}
    COMMENT "Checking the manifest of ${name}" VERBATIM)
  file(GLOB cases CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.case.json)
  file(GLOB stale ${folder}/*.case.json)
  foreach(case IN LISTS stale)
    get_filename_component(file ${case} NAME)
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      file(REMOVE ${case})
    endif()
  endforeach()
  set(copied)
  foreach(case IN LISTS cases)
    get_filename_component(file ${case} NAME)
    add_custom_command(OUTPUT ${folder}/${file} DEPENDS ${case} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E copy ${case} ${folder}/${file})
    list(APPEND copied ${folder}/${file})
  endforeach()
  add_custom_target(${target}_manifest ALL DEPENDS ${checked} ${copied})
  if(NOT TARGET deltaw_rules)
    add_custom_target(deltaw_rules)  # all of them, without their tests
  endif()
  add_dependencies(deltaw_rules ${target}_manifest)
  add_test(NAME check_${name} COMMAND ${program} check ${checked})
  set_tests_properties(check_${name} PROPERTIES LABELS rule TIMEOUT 300)
  # As files: install(TARGETS) may strip a library or rewrite its run path, and then its hash is wrong.
  install(FILES $<TARGET_FILE:${target}> ${checked} ${copied}
    DESTINATION lib/deltaw/plugins/1/${name})
endfunction()
