# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` lays down: bin, lib/deltaw/plugins (each rule adds itself), include,
# share/deltaw, and the package that find_package(deltaw) reads.
include(CMakePackageConfigHelpers)
set(package lib/cmake/deltaw)

set_target_properties(deltaw_sdk PROPERTIES EXPORT_NAME sdk)
set_target_properties(deltaw_abi PROPERTIES EXPORT_NAME abi)
install(TARGETS deltaw deltaw_sdk deltaw_abi EXPORT deltaw-targets RUNTIME DESTINATION bin)
install(EXPORT deltaw-targets NAMESPACE deltaw:: DESTINATION ${package})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sdk/include/ DESTINATION include)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sdk/schema/ DESTINATION share/deltaw/schemas OPTIONAL)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sdk/templates DESTINATION share/deltaw
  USE_SOURCE_PERMISSIONS)
install(FILES ${PROJECT_SOURCE_DIR}/framework/experiment/experiment.schema.json
  DESTINATION share/deltaw/schemas)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/experiments DESTINATION share/deltaw OPTIONAL)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/data DESTINATION share/deltaw OPTIONAL)

install(FILES ${PROJECT_BINARY_DIR}/apps/deltaw/deltaw.1 DESTINATION share/man/man1)
install(FILES ${PROJECT_SOURCE_DIR}/apps/deltaw/shell/deltaw.bash
  DESTINATION share/bash-completion/completions RENAME deltaw)
install(FILES ${PROJECT_SOURCE_DIR}/apps/deltaw/shell/_deltaw DESTINATION share/zsh/site-functions)
install(FILES ${PROJECT_SOURCE_DIR}/apps/deltaw/shell/deltaw.fish
  DESTINATION share/fish/vendor_completions.d)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/deltaw-config.cmake.in
  ${PROJECT_BINARY_DIR}/deltaw-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/deltaw-config-version.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/deltaw-config.cmake ${PROJECT_BINARY_DIR}/deltaw-config-version.cmake
  ${PROJECT_SOURCE_DIR}/sdk/cmake/deltaw_add_rule.cmake
  ${PROJECT_SOURCE_DIR}/sdk/cmake/one_symbol.map
  DESTINATION ${package})

# `cpack` in the build folder: a Debian package. The program needs libraries, which dpkg-shlibdeps finds;
# who writes rules needs a compiler and headers, too.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the authors of deltaw <deltaw@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake, g++, libarmadillo-dev, libopenblas-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cargo, python3-numpy")
include(CPack)
