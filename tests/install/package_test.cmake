# SPDX-License-Identifier: Apache-2.0
# cmake -D CPACK= -D BUILD= -D WORK= -D COMPILER= -P package_test.cmake: the Debian package, unpacked, run,
# and used to write a rule.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${WORK})
# gzip: this package is looked at, not shipped.
run(${CPACK} -G DEB --config ${BUILD}/CPackConfig.cmake -B ${WORK} -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip)
file(GLOB package ${WORK}/deltaw_*.deb)
run(dpkg-deb --field ${package} Package Version Depends Recommends)
foreach(text "Package: deltaw" "libopenblas" "libboost-program-options" "libarchive13" "libcurl4" "libc6"
        "Recommends: cmake, g\\+\\+, libarmadillo-dev, libopenblas-dev")
  expect("${text}")
endforeach()
run(dpkg-deb --extract ${package} ${WORK}/root)
foreach(file bin/deltaw share/man/man1/deltaw.1 share/bash-completion/completions/deltaw
        share/zsh/site-functions/_deltaw share/fish/vendor_completions.d/deltaw.fish
        include/deltaw/matrix.h lib/cmake/deltaw/deltaw-config.cmake share/deltaw/templates/common/README.md)
  if(NOT EXISTS ${WORK}/root/usr/${file})
    message(FATAL_ERROR "not in the package: ${file}")
  endif()
endforeach()
run(${CMAKE_COMMAND} -E env --unset=DELTAW_PLUGIN_PATH ${WORK}/root/usr/bin/deltaw doctor)
expect("in ${WORK}/root/usr/lib/deltaw/plugins/1")
expect("-DCMAKE_PREFIX_PATH=${WORK}/root/usr")
run(${WORK}/root/usr/bin/deltaw check hebbian)
run(${CMAKE_CURRENT_LIST_DIR}/newcomer.sh ${WORK}/root ${COMPILER})
string(STRIP "${said}" said)
message("${said}")
