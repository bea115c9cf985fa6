// SPDX-License-Identifier: Apache-2.0
#include "serve/site.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "error_of.hpp"
#include "framework/result/temporary_folder.hpp"
#include "result/metrics_csv.hpp"
#include "result/progress_file.hpp"

using namespace deltaw;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// root/results/{done,killed,live} beside root/secret.txt.
class Results {
 public:
  Results() {
    for (const char* name : {"done", "killed", "live"}) {
      write(fmt::format("results/{}/experiment.json", name),
            R"({"name": "digits", "rules": [1, 2], "seeds": [1]})");
      write(fmt::format("results/{}/provenance.json", name),
            fmt::format(R"({{"started": "2026-01-0{}"}})", name[0] == 'd' ? 1 : 2));
    }
    for (const char* rule : {"oja", "hebb"}) {
      write(fmt::format("results/done/runs/{}/seed-1/run.json", rule),
            R"({"rule": ")" + std::string(rule) +
                R"(", "seed": 1, "status": "finished", "metrics": {}})");
      write(fmt::format("results/done/runs/{}/seed-1/metrics.csv", rule),
            metrics_csv({{.rule = rule, .seed = 1, .curve = {{.epoch = 1}}}}));
    }
    write("results/killed/runs/oja/seed-1/run.json", R"({"status": "interrupted"})");
    write("results/done/summary.json", "{}");
    write("results/done/report.html", "<!doctype html>");
    write("results/notes.txt", "mine");
    write("secret.txt", "secret");
  }

  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  [[nodiscard]] fs::path path(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] Site site() const { return Site(path("results")); }

 private:
  TemporaryFolder folder_;
};

json body(const Response& response) {
  CHECK(response.status == 200);
  return json::parse(response.body);
}

}  // namespace

TEST_CASE("the list tells what finished, what runs and what was killed, the newest first") {
  const Results results;
  const ProgressFile live(results.path("results/live"), {"digits", "epoch", "", {"oja"}, {1}, 2});
  const json list = body(results.site().get("/list.json"));
  REQUIRE(list.size() == 3);
  std::map<std::string, std::string> states;
  for (const json& entry : list) states[entry["folder"]] = entry["state"];
  CHECK(states == std::map<std::string, std::string>{
                      {"done", "finished"}, {"killed", "stopped"}, {"live", "running"}});
  CHECK(list[2]["folder"] == "done");
  CHECK(list[2]["done"] == 2);
  CHECK(list[2]["runs"] == 2);
  CHECK(list[2]["has_report"] == true);
}

TEST_CASE("progress is asked for by line") {
  const Results results;
  ProgressFile live(results.path("results/live"), {"digits", "epoch", "", {"oja"}, {1}, 2});
  live.row("oja", 1, {.epoch = 1, .test_accuracy = 0.5});
  const json first = body(results.site().get("/progress.json?folder=live"));
  CHECK(first["lines"].size() == 1);
  CHECK(first["next"] == 2);
  CHECK(first["is_written"] == true);
  CHECK(body(results.site().get("/progress.json?folder=live&from=2"))["lines"].empty());
  CHECK(body(results.site().get("/progress.json?folder=done"))["is_written"] == false);
  CHECK(results.site().get("/progress.json?folder=live&from=x").status == 400);
  CHECK(results.site().get("/progress.json?folder=none").status == 404);
}

TEST_CASE("odd questions have an answer of their own") {
  const Results results;
  const ProgressFile root(results.path("results"), {"digits", "epoch", "", {"oja"}, {1}, 2});
  CHECK(body(results.site().get("/progress.json?folder=&from=0"))["is_written"] == true);
  CHECK(body(results.site().get("/progress.json?from=0&folder="))["is_written"] == true);
  CHECK(results.site().get("?x").status == 404);
  CHECK(results.site().get("").status == 404);
  CHECK(results.site().get("/files/done/report.html%00.png").status == 404);
  CHECK(results.site().get("/files/done/%").status == 404);
}

TEST_CASE("a folder that is damaged or closed to us costs the others nothing") {
  const Results results;
  results.write("results/done/experiment.json", R"({"name": 5, "rules": 7, "seeds": {}})");
  results.write("results/killed/provenance.json", R"({"started": []})");
  results.write("results/live/experiment.json", "{");
  fs::create_directory(results.path("results/closed"));
  fs::permissions(results.path("results/closed"), fs::perms::none);
  CHECK(body(results.site().get("/list.json")).size() == 3);
  fs::permissions(results.path("results/closed"), fs::perms::owner_all);
}

TEST_CASE("files of results are given, and nothing outside") {
  const Results results;
  const Site site = results.site();
  CHECK(site.get("/files/done/report.html").body == "<!doctype html>");
  CHECK(site.get("/files/done/report.html").type.starts_with("text/html"));
  CHECK(site.get("/files/done/missing.html").status == 404);
  CHECK(site.get("/files/notes.txt").status == 403);  // no folder of results
  for (const char* path :
       {"/files/../secret.txt", "/files/%2e%2e/secret.txt", "/files/done/../../secret.txt",
        "/files/done/%2e%2e%2f..%2fsecret.txt", "/live/../", "/progress.json?folder=..",
        "/progress.json?folder=%2e%2e"}) {
    CAPTURE(path);
    CHECK(site.get(path).status == 403);
  }
  CHECK(site.get("/files//etc/passwd").status == 404);
  fs::create_symlink(results.path("secret.txt"), results.path("results/done/link.txt"));
  CHECK(site.get("/files/done/link.txt").status == 403);
  CHECK(site.get("/nothing").status == 404);
}

TEST_CASE("pages carry what they start from") {
  const Results results;
  CHECK(results.site().get("/live/done/").body.find(R"("rule":"hebb")") != std::string::npos);
  const ProgressFile live(results.path("results/live"),
                          {"</script>", "epoch", "", {"oja"}, {1}, 2});
  const Response page = results.site().get("/live/live/");
  CHECK(page.body.find("\\u003c/script\\u003e") != std::string::npos);
  CHECK(page.body.find("connect-src 'self'") != std::string::npos);
  CHECK(results.site().get("/").body.find("/list.json") != std::string::npos);
  CHECK(results.site().get("/live/none/").status == 404);
}

TEST_CASE("a root that is no folder is named") {
  const Error error = error_of([] { Site("/nowhere/at/all"); });
  CHECK(error.code() == Code::E603);
}
