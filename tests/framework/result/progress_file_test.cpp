// SPDX-License-Identifier: Apache-2.0
#include "result/progress_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "core/error.hpp"
#include "error_of.hpp"
#include "framework/result/temporary_folder.hpp"

using namespace deltaw;
namespace fs = std::filesystem;

namespace {

// That this process has open of a file, -1 if none.
int descriptor_of(const fs::path& file) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    if (fs::read_symlink(entry.path(), ignored) == fs::canonical(file)) {
      return std::stoi(entry.path().filename());
    }
  }
  return -1;
}

const ProgressHead k_head{"digits", "epoch", "test_accuracy", {"oja", "hebb"}, {1, 2}, 40};

}  // namespace

TEST_CASE("lines are read as they come, from the one on that is asked for") {
  const TemporaryFolder folder;
  CHECK(!read_progress(folder.path()));
  {
    ProgressFile file(folder.path(), k_head);
    auto found = read_progress(folder.path()).value();
    CHECK(found.is_written);
    CHECK(found.head["rules"] == nlohmann::json{"oja", "hebb"});
    CHECK(found.head["steps"] == 40);
    CHECK(found.lines.empty());
    CHECK(found.next == 1);
    file.row("oja", 1, {.epoch = 3, .test_accuracy = 0.5});
    file.shown("hebb", 2, 0.25, 0.75);
    file.ended("oja", 1, "finished");
    const auto child = fork();
    if (child == 0) {
      // What a forked process still has open of it would lock it.
      _exit(descriptor_of(folder.path() / "progress.jsonl") == -1 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(descriptor_of(folder.path() / "progress.jsonl") != -1);
    found = read_progress(folder.path(), found.next).value();
    REQUIRE(found.lines.size() == 3);
    CHECK(found.lines[0] ==
          nlohmann::json{{"rule", "oja"}, {"seed", 1}, {"epoch", 3}, {"test_accuracy", 0.5}});
    CHECK(found.lines[1]["train_accuracy"] == 0.75);
    CHECK(found.lines[2]["status"] == "finished");
    CHECK(read_progress(folder.path(), 3)->lines.size() == 1);
    CHECK(read_progress(folder.path(), 9)->lines.empty());
    CHECK(read_progress(folder.path(), 9)->next == 4);
  }
  CHECK(!read_progress(folder.path()));
}

TEST_CASE("what a killed writer leaves has no writer, and half a line is no line") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "progress.jsonl")
      << R"({"deltaw_progress": 1, "rules": ["oja"]})" << '\n'
      << R"({"rule": "oja", "seed": 1, "epoch": 1})" << '\n'
      << R"({"rule": "oja", "se)";
  const auto found = read_progress(folder.path()).value();
  CHECK(!found.is_written);
  CHECK(found.lines.size() == 1);
  CHECK(found.next == 2);
  const ProgressFile file(folder.path(), k_head);  // a comparison that goes on
  CHECK(read_progress(folder.path())->lines.empty());
}

TEST_CASE("a folder that is not there is named") {
  const Error error = error_of([] { ProgressFile("/nowhere/at/all", k_head); });
  CHECK(error.code() == Code::E600);
  CHECK(error.text().find("/nowhere/at/all/progress.jsonl") != std::string::npos);
}
