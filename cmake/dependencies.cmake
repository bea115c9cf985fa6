# SPDX-License-Identifier: Apache-2.0
# Everything from Debian's packages; scripts/install-dependencies names them.
find_package(Threads REQUIRED)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own config file; newer CMake has no other way
endif()
find_package(Boost 1.74 REQUIRED COMPONENTS program_options filesystem system)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(LibArchive REQUIRED)
find_package(SQLite3 REQUIRED)
find_library(DELTAW_SQLITECPP SQLiteCpp REQUIRED)
find_package(Armadillo REQUIRED)
find_library(DELTAW_OPENBLAS openblas REQUIRED)
find_library(DELTAW_DNNL dnnl REQUIRED)
find_path(DELTAW_DNNL_INCLUDE oneapi/dnnl/dnnl.hpp REQUIRED)
# The OpenMP that Debian's oneDNN runs on, which has to be told to use one thread.
find_library(DELTAW_GOMP NAMES gomp libgomp.so.1 REQUIRED)
find_path(DELTAW_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)
find_path(DELTAW_RANDOM123_INCLUDE Random123/philox.h REQUIRED)
# The system's Python first: the packages of scripts/install-dependencies belong to it.
find_program(DELTAW_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(DELTAW_PYTHON python3)
