// SPDX-License-Identifier: Apache-2.0
#include "task/find_data.hpp"

#include <cstdlib>
#include <optional>

#include "framework/task/files.hpp"

using namespace deltaw;

namespace {

// Sets a variable of the environment while it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("the digits are found without any setting") {
  const Variable unset("DELTAW_DATA", nullptr);
  CHECK(std::filesystem::exists(find_data("digits/digits.csv.gz", data_folders())));
}

TEST_CASE("a given folder comes before DELTAW_DATA, and that before the shipped data") {
  const TemporaryFolder given, set;
  write_file(given.path() / "a.csv", "given");
  write_file(set.path() / "a.csv", "set");
  write_file(set.path() / "digits" / "digits.csv.gz", "set");
  const Variable variable("DELTAW_DATA", set.path().c_str());
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
      "  try: deltaw data fetch mnist, or --data FOLDER or DELTAW_DATA=FOLDER, where FOLDER holds "
      "mnist/",
      [] {
        (void)find_data("mnist/train.gz", {"/nowhere/a", "/nowhere/b"});
      });
  check_error(Code::E400, "try: --data FOLDER or DELTAW_DATA=FOLDER, where FOLDER holds own/",
              [] { (void)find_data("own/a.csv", {"/nowhere"}); });
  check_error(Code::E400, "data folder '/nowhere' does not exist",
              [] { (void)data_folders("/nowhere"); });
}

TEST_CASE("data are fetched to where the user says, else to his data folder, and found there") {
  const TemporaryFolder home, given;
  const Variable no_data("DELTAW_DATA", ""), no_xdg("XDG_DATA_HOME", nullptr);
  const Variable is_home("HOME", home.path().c_str());
  const auto own = home.path() / ".local" / "share" / "deltaw" / "data";
  CHECK(data_home() == own);
  CHECK(data_home(given.path()) == given.path());
  write_file(own / "mnist" / "a", "");
  CHECK(find_data("mnist/a", data_folders()) == own / "mnist" / "a");
  {
    const Variable xdg("XDG_DATA_HOME", given.path().c_str());
    CHECK(data_home() == given.path() / "deltaw" / "data");
    const Variable set("DELTAW_DATA", "/somewhere");
    CHECK(data_home() == "/somewhere");
  }
  const Variable relative("XDG_DATA_HOME", "relative");  // which the standard says to ignore
  CHECK(data_home() == own);
  const Variable homeless("HOME", nullptr);
  check_error(Code::E002, "neither DELTAW_DATA nor HOME is set", [] { (void)data_home(); });
}
