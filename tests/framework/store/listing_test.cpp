// SPDX-License-Identifier: Apache-2.0
#include "store/listing.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>

#include "framework/result/temporary_folder.hpp"
#include "result/file.hpp"
#include "result/progress_file.hpp"

using namespace deltaw;
namespace fs = std::filesystem;

namespace {

// Two rules and one seed, of which the first has ended.
class Results {
 public:
  Results() {
    write("experiment.json",
          R"({"name": "digits", "rules": [{"name": "a"}, {"name": "b"}], "seeds": [1]})");
    write("provenance.json", R"({"started": "2026-01-01"})");
    end("a");
  }
  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((path() / name).parent_path());
    write_file(path() / name, text);
  }
  void end(const char* rule) const {
    write(fmt::format("runs/{}/seed-1/run.json", rule), R"({"status": "finished"})");
  }
  [[nodiscard]] fs::path path() const { return folder_.path() / "out"; }
  [[nodiscard]] fs::path parent() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("what ended is counted while a comparison runs, and when it was killed") {
  const Results results;
  Listing listing(results.parent());
  std::optional<ProgressFile> progress(std::in_place, results.path(), ProgressHead());
  auto entry = listing.entries().at(0);
  CHECK(entry["folder"] == "out");
  CHECK(entry["state"] == "running");
  CHECK(entry["done"] == 1);
  CHECK(entry["runs"] == 2);
  results.end("b");
  CHECK(listing.entries().at(0)["done"] == 2);
  progress.reset();
  CHECK(listing.entries().at(0)["state"] == "stopped");
  results.write("summary.json", "{}");
  CHECK(listing.entries().at(0)["state"] == "finished");
}

TEST_CASE("runs of a finished comparison are read once, and again when it was begun again") {
  const Results results;
  results.end("b");
  results.write("summary.json", "{}");
  Listing listing(results.parent());
  CHECK(listing.entries().at(0)["done"] == 2);
  fs::remove_all(results.path() / "runs" / "b");
  CHECK(listing.entries().at(0)["done"] == 2);
  results.write("provenance.json", R"({"started": "2026-01-01", "finished": null})");
  CHECK(listing.entries().at(0)["done"] == 1);
  CHECK(listing.entries().at(0)["state"] == "stopped");
}

TEST_CASE("a shard has the runs of its share, and needs no summary to be finished") {
  const Results results;
  results.write("provenance.json", R"({"started": "2026-01-01", "shard": "1/2"})");
  const auto entry = Listing(results.parent()).entries().at(0);
  CHECK(entry["shard"] == "1/2");
  CHECK(entry["runs"] == 1);
  CHECK(entry["state"] == "finished");
}
