// SPDX-License-Identifier: Apache-2.0
#include "result/folder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "framework/result/temporary_folder.hpp"
#include "result/file.hpp"
#include "result/metrics_csv.hpp"

using namespace deltaw;
namespace fs = std::filesystem;

namespace {

RunRecord record(const std::string& rule, std::uint64_t seed) {
  RunRecord run{.rule = rule, .seed = seed};
  run.curve = {{.epoch = 0, .train_loss = 2.3, .test_accuracy = 0.1},
               {.epoch = 1, .updates = 40, .seconds = 0.25, .train_loss = 1.0 / 3}};
  run.metrics = {{"test_accuracy", 0.1}, {"epochs_to_criterion", std::nullopt}};
  return run;
}

template <typename Action>
Error caught(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::E001, "nothing was thrown");
}

}  // namespace

TEST_CASE("what a run leaves is read back") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "a" / "b");
  folder.write_experiment({{"name", "digits"}});
  folder.write_run(record("oja", 10));
  folder.write_run(record("oja", 9));
  folder.write_run(record("backprop", 9));
  folder.write_weights("oja", 9, "input>hidden", {1, 2, std::vector<float>{3, 4}});
  folder.write_weights("oja", 9, "hidden.bias", {1, 1, std::vector<float>{5}});
  folder.write_confusion("oja", 9, {1, 1, std::vector<std::int64_t>{7}});

  const ResultFolder read = ResultFolder::open(parent.path() / "a" / "b");
  CHECK(read.experiment()["name"] == "digits");
  const std::vector<RunRecord> runs = read.runs();
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].rule == "backprop");
  CHECK(runs[1].seed == 9);
  CHECK(runs[2].seed == 10);
  CHECK(runs[2].curve == record("oja", 10).curve);
  CHECK(runs[2].metrics == record("oja", 10).metrics);
  CHECK(read.connections("oja", 9) == std::vector<std::string>{"hidden.bias", "input>hidden"});
  CHECK(read.connections("backprop", 9).empty());
  CHECK(read.weights("oja", 9, "input>hidden").at(0, 1) == 4);
  CHECK(read.confusion("oja", 9)->at(0, 0) == 7);
  CHECK_FALSE(read.confusion("oja", 10).has_value());
}

TEST_CASE("an analysis is read back, and is null where there was none") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  folder.write_analysis("oja", 3, {{"units", 12}});
  CHECK(folder.analysis("oja", 3)["units"] == 12);
  CHECK(folder.analysis("oja", 4).is_null());
}

TEST_CASE("what was found of features is read back, and is null where there was none") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "results");
  folder.write_features("bcm", 3, {{"selected", 12}});
  CHECK(folder.features("bcm", 3)["selected"] == 12);
  CHECK(folder.features("bcm", 4).is_null());
  CHECK(folder.analysis("bcm", 3).is_null());
}

TEST_CASE("metrics.csv lists rules in the given order, then seeds by number") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  for (const auto& [rule, seed] : {std::pair{"b", 10}, {"a", 2}, {"b", 9}}) {
    folder.write_run(record(rule, static_cast<std::uint64_t>(seed)));
  }
  folder.write_metrics({"b", "a"});
  const auto curves = parse_metrics_csv(read_file(parent.path() / "metrics.csv"), "metrics.csv");
  REQUIRE(curves.size() == 3);
  CHECK(curves[0].rule == "b");
  CHECK(curves[0].seed == 9);
  CHECK(curves[1].seed == 10);
  CHECK(curves[2].rule == "a");
}

TEST_CASE("a failed run keeps its message") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  RunRecord failed = record("oja", 1);
  failed.status = "failed";
  failed.error = "error[E304] weights of 'a>b' are no longer finite\n  \"step 3\"";
  folder.write_run(failed);
  CHECK(folder.runs().at(0).status == "failed");
  CHECK(folder.runs().at(0).error == failed.error);
}

TEST_CASE("a folder that has results is never written over") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  folder.write_experiment({});
  const Error error = caught([&] { static_cast<void>(ResultFolder::create(parent.path())); });
  CHECK(error.code() == Code::E601);
  CHECK(error.text().find("already has results") != std::string::npos);
  CHECK(error.text().find("--out") != std::string::npos);
}

TEST_CASE("a folder that cannot be made or written is named") {
  const TemporaryFolder parent;
  write_file(parent.path() / "file", "x");
  const Error error =
      caught([&] { static_cast<void>(ResultFolder::create(parent.path() / "file" / "out")); });
  CHECK(error.code() == Code::E600);
  CHECK(error.text().find((parent.path() / "file" / "out").string()) != std::string::npos);
  CHECK(caught([&] { write_file("/proc/deltaw", "x"); }).code() == Code::E600);
}

TEST_CASE("a full disk is named and leaves the old file whole") {
  const TemporaryFolder parent;
  const fs::path file = parent.path() / "summary.json";
  write_file(file, "old");
  fs::create_symlink("/dev/full", parent.path() / "summary.json.part");
  const Error error = caught([&] { write_file(file, "new"); });
  CHECK(error.code() == Code::E602);
  CHECK(error.text().find("no space left") != std::string::npos);
  CHECK(read_file(file) == "old");
  CHECK_FALSE(fs::exists(fs::symlink_status(parent.path() / "summary.json.part")));
}

TEST_CASE("a missing or damaged folder is refused") {
  const TemporaryFolder parent;
  const auto open = [&] { static_cast<void>(ResultFolder::open(parent.path())); };
  CHECK(caught(open).code() == Code::E603);
  write_file(parent.path() / "experiment.json", "{\"name\": ");
  CHECK(caught(open).code() == Code::E603);
  write_file(parent.path() / "experiment.json", "{}");
  open();
  fs::create_directories(parent.path() / "runs" / "oja" / "seed-1");
  CHECK(ResultFolder::open(parent.path()).runs().empty());
  write_file(parent.path() / "runs/oja/seed-1/metrics.csv", metrics_csv({}));
  write_file(parent.path() / "runs/oja/seed-1/run.json", R"({"rule": 3})");
  CHECK(caught([&] { static_cast<void>(ResultFolder::open(parent.path()).runs()); }).code() ==
        Code::E603);
}

TEST_CASE("a name that would leave the folder is refused") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path());
  for (const std::string name : {"", ".", "..", "../x", "a/b", "a b", "<i>"}) {
    CHECK(caught([&] { folder.write_run(record(name, 1)); }).code() == Code::E503);
  }
}
