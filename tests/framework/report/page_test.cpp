// SPDX-License-Identifier: Apache-2.0
// What can be known of the page without a browser; tests/report opens it in one.
#include "report/page.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "framework/report/decoded.hpp"
#include "framework/result/temporary_folder.hpp"
#include "report/fake_results.hpp"
#include "report/page_data.hpp"
#include "result/file.hpp"
#include "result/folder.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

constexpr const char* attack = "</script><script>alert(1)</script><!--{{data}}\"'&\xE2\x80\xA8\xFF";

std::string page_of(const FakeResults& options) {
  const TemporaryFolder parent;
  write_fake_results(parent.path() / "out", options);
  write_report(parent.path() / "out");
  return read_file(parent.path() / "out" / "report.html");
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("the page is one file that names no other") {
  const std::string page = page_of({});
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.find("{{") == std::string::npos);
  for (const char* part : {" src=", "<link", "@import", "fetch(", "XMLHttpRequest"}) {
    const std::string own =
        page.substr(0, page.find("https://d3js.org")) + page.substr(page.find("id=\"data\""));
    CAPTURE(part);
    CHECK(own.find(part) == std::string::npos);
  }
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("Copyright 2010-2023 Mike Bostock") != std::string::npos);
}

TEST_CASE("the block of data reads back as the data, whatever the texts hold") {
  const TemporaryFolder parent;
  const auto folder = parent.path() / "out";
  write_fake_results(folder, {.seeds = 2, .fails = true, .markup = attack});
  write_report(folder);
  const std::string page = read_file(folder / "report.html");
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  REQUIRE(count(page, open) == 1);
  const std::size_t start = page.find(open) + open.size();
  const std::string block = page.substr(start, page.find("</script>", start) - start);
  for (const char c : {'<', '>', '&'}) CHECK(block.find(c) == std::string::npos);
  const json data = json::parse(block);
  CHECK(data["runs"].size() == 6);
  CHECK(data["summary"]["name"].get<std::string>().find("</script><script>alert(1)") !=
        std::string::npos);
  CHECK(count(page, "<script") == count(page_of({}), "<script"));
}

TEST_CASE("the page's data hold curves, confusions and mosaics of weights") {
  const TemporaryFolder parent;
  write_fake_results(parent.path() / "out", {.seeds = 3, .fails = true});
  const json data = page_data(ResultFolder::open(parent.path() / "out"));
  CHECK(data["runs"].size() == 9);
  CHECK(data["trials"].is_null());
  CHECK(data["runs"][0]["curve"]["epoch"].size() == 21);
  CHECK(data["runs"][0]["curve"]["test_accuracy"].size() == 21);
  CHECK_FALSE(data["runs"][0]["curve"].contains("validation_loss"));
  REQUIRE(data["confusion"].size() == 3);
  CHECK(data["confusion"][0]["seeds"] == 3);
  CHECK(data["confusion"][2]["seeds"] == 2);
  double first_row = 0;
  for (const json& cell : data["confusion"][0]["counts"][0]) first_row += cell.get<double>();
  CHECK(first_row == 3 * 54);
  REQUIRE(data["mosaics"].size() == 3);
  const json& mosaic = data["mosaics"][0];
  CHECK(mosaic["connection"] == "input>hidden");
  CHECK(mosaic["to"] == "hidden");
  CHECK(mosaic["shown"] == 64);
  CHECK(decoded(mosaic["pixels"]).size() == 64 * 64);
}

TEST_CASE("without image inputs there are no weight images, without provenance no host") {
  const TemporaryFolder parent;
  write_fake_results(parent.path() / "out", {.seeds = 1});
  const ResultFolder folder = ResultFolder::open(parent.path() / "out");
  json summary = folder.summary();
  summary.erase("image");
  folder.write_summary(summary);
  std::filesystem::remove(parent.path() / "out" / "provenance.json");
  const json data = page_data(folder);
  CHECK(data["mosaics"].empty());
  CHECK(data["provenance"].is_null());
}

TEST_CASE("a folder without a summary, or with a damaged one, has no report") {
  const TemporaryFolder parent;
  write_fake_results(parent.path() / "out", {.seeds = 1});
  const auto refuses = [&] {
    try {
      write_report(parent.path() / "out");
    } catch (const Error& error) {
      return error.code() == Code::E603;
    }
    return false;
  };
  write_file(parent.path() / "out" / "summary.json", R"({"rules": [{"rule": 7}]})");
  CHECK(refuses());
  std::filesystem::remove(parent.path() / "out" / "summary.json");
  CHECK(refuses());
}
