// SPDX-License-Identifier: Apache-2.0
#include "task/find_data.hpp"

#include <cstdlib>
#include <optional>

#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

// Sets DELTAW_DATA while it lives.
class DataVariable {
 public:
  explicit DataVariable(const char* value) {
    if (const char* before = std::getenv("DELTAW_DATA")) before_ = before;
    value != nullptr ? ::setenv("DELTAW_DATA", value, 1) : ::unsetenv("DELTAW_DATA");
  }
  DataVariable(const DataVariable&) = delete;
  DataVariable& operator=(const DataVariable&) = delete;
  ~DataVariable() {
    before_ ? ::setenv("DELTAW_DATA", before_->c_str(), 1) : ::unsetenv("DELTAW_DATA");
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("the digits are found without any setting") {
  const DataVariable unset(nullptr);
  CHECK(std::filesystem::exists(find_data("digits/digits.csv.gz", data_folders())));
}

TEST_CASE("a given folder comes before DELTAW_DATA, and that before the shipped data") {
  const TemporaryFolder given, set;
  write_file(given.path() / "a.csv", "given");
  write_file(set.path() / "a.csv", "set");
  write_file(set.path() / "digits" / "digits.csv.gz", "set");
  const DataVariable variable(set.path().c_str());
  const DataFolders folders = data_folders(given.path());
  CHECK(read_file(find_data("a.csv", folders)) == "given");
  CHECK(read_file(find_data("a.csv", data_folders())) == "set");
  CHECK(read_file(find_data("digits/digits.csv.gz", folders)) == "set");
}

TEST_CASE("a file is found with or without .gz or .xz, and a folder is no file") {
  const TemporaryFolder folder;
  write_file(folder.path() / "packed.gz", "");
  write_file(folder.path() / "plain", "");
  std::filesystem::create_directory(folder.path() / "inner");
  const DataFolders folders = {folder.path()};
  CHECK(find_data("packed", folders) == folder.path() / "packed.gz");
  CHECK(find_data("packed.xz", folders) == folder.path() / "packed.gz");
  write_file(folder.path() / "other.xz", "");
  CHECK(find_data("other", folders) == folder.path() / "other.xz");
  CHECK(find_data("other.gz", folders) == folder.path() / "other.xz");
  CHECK(find_data("plain.gz", folders) == folder.path() / "plain");
  check_error(Code::E400, "data file 'inner' is missing",
              [&] { (void)find_data("inner", folders); });
}

TEST_CASE("missing data name the file, the folders that were tried and what to set") {
  check_error(
      Code::E400,
      "data file 'mnist/train.gz' is missing\n  expected it in one of: /nowhere/a, /nowhere/b\n"
      "  try: --data FOLDER or DELTAW_DATA=FOLDER, where FOLDER holds mnist/",
      [] {
        (void)find_data("mnist/train.gz", {"/nowhere/a", "/nowhere/b"});
      });
  check_error(Code::E400, "data folder '/nowhere' does not exist",
              [] { (void)data_folders("/nowhere"); });
}
