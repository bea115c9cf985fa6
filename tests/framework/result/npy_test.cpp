// SPDX-License-Identifier: Apache-2.0
#include "result/npy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "core/error.hpp"
#include "framework/result/temporary_folder.hpp"
#include "result/file.hpp"

using namespace deltaw;

namespace {

template <typename T>
NpyMatrix two_by_three() {
  return {2, 3, std::vector<T>{1, 4, 2, 5, 3, 6}};  // rows 1 2 3 and 4 5 6
}

Code code_of(const std::filesystem::path& file) {
  try {
    static_cast<void>(read_npy(file));
  } catch (const Error& error) {
    return error.code();
  }
  return Code::E001;
}

}  // namespace

TEST_CASE("the bytes are those of the format's definition") {
  const std::string bytes = npy_bytes(NpyMatrix{1, 1, std::vector<float>{1.0f}});
  REQUIRE(bytes.size() == 128 + 4);
  CHECK(bytes.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(bytes.substr(10, 58) == "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }");
  CHECK(bytes[127] == '\n');
  CHECK(bytes.substr(128) == std::string("\x00\x00\x80\x3f", 4));
}

TEST_CASE_TEMPLATE("what is written is read back", T, float, double, std::int64_t) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "m.npy";
  write_file(file, npy_bytes(two_by_three<T>()));
  const NpyMatrix read = read_npy(file);
  CHECK(read.rows == 2);
  CHECK(read.columns == 3);
  CHECK(std::get<std::vector<T>>(read.values) == std::vector<T>{1, 4, 2, 5, 3, 6});
  CHECK(read.at(0, 2) == 3);
  CHECK(read.at(1, 0) == 4);
}

TEST_CASE("NumPy opens the file with rows and columns in place") {
  if (std::system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") != 0) {
    MESSAGE("skipped: python3-numpy is not installed");
    return;
  }
  const TemporaryFolder folder;
  const auto file = folder.path() / "m.npy";
  write_file(file, npy_bytes(two_by_three<std::int64_t>()));
  const std::string check = fmt::format(
      "/usr/bin/python3 -c \"import numpy as n; m = n.load('{0}'); assert m.dtype == n.int64;"
      "assert m.tolist() == [[1, 2, 3], [4, 5, 6]]; n.save('{0}', n.arange(6.0).reshape(3, 2))\"",
      file.string());
  CHECK(std::system(check.c_str()) == 0);
  const NpyMatrix c_order = read_npy(file);
  CHECK(c_order.at(0, 1) == 1);
  CHECK(c_order.at(2, 0) == 4);
}

TEST_CASE("an empty matrix keeps its shape") {
  const TemporaryFolder folder;
  write_file(folder.path() / "m.npy", npy_bytes(NpyMatrix{0, 3, std::vector<double>{}}));
  CHECK(read_npy(folder.path() / "m.npy").columns == 3);
}

TEST_CASE("a damaged file is refused, whatever is damaged") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "m.npy";
  CHECK(code_of(file) == Code::E603);
  CHECK(code_of(folder.path()) == Code::E603);
  const std::string good = npy_bytes(two_by_three<double>());
  const auto refuses = [&](const std::string& bytes) {
    write_file(file, bytes);
    return code_of(file) == Code::E603;
  };
  for (const std::size_t length : {0ul, 9ul, 40ul, good.size() - 1}) {
    CHECK(refuses(good.substr(0, length)));
  }
  CHECK(refuses(good + "x"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bytes = good;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  CHECK(refuses(with("<f8", "<c8")));
  CHECK(refuses(with("(2, 3)", "(3, 3)")));
  CHECK(refuses(with("(2, 3), }  ", "(2, -3), } ")));
  CHECK(refuses(with("(2, 3), }                                  ",
                     "(999999999999999999, 999999999999999999), }")));
}
