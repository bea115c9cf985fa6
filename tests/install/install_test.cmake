# SPDX-License-Identifier: Apache-2.0
# cmake -D BUILD= -D WORK= -D GENERATOR= -D COMPILER= -P install_test.cmake
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(prefix ${WORK}/prefix)
set(plugins ${WORK}/oja/lib/deltaw/plugins/1)
file(REMOVE_RECURSE ${WORK})

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --strip)
foreach(file bin/deltaw include/deltaw/rule.hpp lib/cmake/deltaw/deltaw-config.cmake
        share/deltaw/experiments/digits.json share/deltaw/data/digits/digits.csv.gz
        share/deltaw/schemas/rule.schema.json share/deltaw/schemas/case.schema.json
        share/deltaw/templates/rust/common/build.sh lib/deltaw/plugins/1/hebbian/sanger.case.json)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/oja -B ${WORK}/oja -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/oja)
run(${prefix}/bin/deltaw rules --plugin-dir ${plugins})
expect("org\\.example\\.oja")
expect("backprop")
# Stripping must leave alone what a manifest holds the hash of.
file(SHA256 ${prefix}/lib/deltaw/plugins/1/backprop/backprop.so hash)
run(${CMAKE_COMMAND} -E cat ${prefix}/lib/deltaw/plugins/1/backprop/backprop.rule.json)
expect("${hash}")

# A manifest that contradicts its rule stops the author's build, not the user's run.
file(COPY ${CMAKE_CURRENT_LIST_DIR}/oja/ DESTINATION ${WORK}/wrong)
file(READ ${WORK}/wrong/oja.rule.json manifest)
string(REPLACE "\"1.0.0\"" "\"2.0.0\"" manifest "${manifest}")
file(WRITE ${WORK}/wrong/oja.rule.json "${manifest}")
execute_process(COMMAND ${CMAKE_COMMAND} -S ${WORK}/wrong -B ${WORK}/wrong/build -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${COMPILER} OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/wrong/build
  RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(status EQUAL 0)
  message(FATAL_ERROR "a manifest of version 2.0.0 was built with a rule of version 1.0.0")
endif()
expect("E137")
