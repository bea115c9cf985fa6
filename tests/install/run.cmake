# SPDX-License-Identifier: Apache-2.0
# run(COMMAND ...) fails with all that was said; expect(REGEX) looks into what the last run said.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nexit ${status}:\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

function(expect text)
  if(NOT said MATCHES "${text}")
    message(FATAL_ERROR "expected '${text}' in:\n${said}")
  endif()
endfunction()
