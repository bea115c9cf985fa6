// SPDX-License-Identifier: Apache-2.0
#include "report/pictures_data.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "framework/report/decoded.hpp"
#include "framework/result/temporary_folder.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

NpyMatrix matrix(std::size_t rows, std::size_t columns, std::vector<double> by_column) {
  return {rows, columns, std::move(by_column)};
}

// Of seed 1, two mistakes of 2 x 1 pixels and maps of one image with two filters.
ResultFolder with_pictures(const std::filesystem::path& path) {
  ResultFolder folder = ResultFolder::create(path);
  folder.write_array("a", 1, "mistakes/images", matrix(2, 2, {0, 1, 0.5, 1}));
  folder.write_array("a", 1, "mistakes/answers", matrix(4, 2, {7, 3, 5, 0.875, 2, 0, 1, 0.5}));
  folder.write_array("a", 1, "maps/images", matrix(2, 1, {1, 0}));
  folder.write_array("a", 1, "maps/activity", matrix(4, 1, {1, 10, 2, 51}));  // pixel by pixel
  folder.write_array("a", 1, "maps/shape", matrix(3, 1, {1, 2, 2}));
  return folder;
}

const json k_experiment = json::parse(R"({"network": {"layers": [
  {"name": "input"},
  {"name": "first", "type": "conv2d"},
  {"name": "second", "type": "conv2d"}]}})");
const json k_image = {{"width", 2}, {"height", 1}};

}  // namespace

TEST_CASE("mistakes come with what was said, as bytes between the least and the largest value") {
  const TemporaryFolder temporary;
  const json found = pictures_data(with_pictures(temporary.path() / "x"), k_experiment, k_image,
                                   {{"a", 1}, {"without", 1}});
  REQUIRE(found["mistakes"].size() == 1);
  const json& entry = found["mistakes"][0];
  CHECK(entry["rule"] == "a");
  CHECK(entry["answers"][0] ==
        json{{"sample", 7.0}, {"class", 3.0}, {"answer", 5.0}, {"probability", 0.875}});
  CHECK(entry["shown"]["count"] == 2);
  CHECK(decoded(entry["shown"]["pixels"]) == std::vector<int>{0, 255, 128, 255});
}

TEST_CASE("maps are filter by filter, though units lie pixel by pixel") {
  const TemporaryFolder temporary;
  const json found =
      pictures_data(with_pictures(temporary.path() / "x"), k_experiment, k_image, {{"a", 1}});
  REQUIRE(found["maps"].size() == 1);
  const json& entry = found["maps"][0];
  CHECK(entry["layer"] == "first");
  CHECK(entry["filters"] == 2);
  CHECK(entry["images"]["count"] == 1);
  const json& shown = entry["shown"];
  CHECK(shown["count"] == 2);
  CHECK(shown["low"] == 1);
  CHECK(shown["high"] == 51);
  CHECK(decoded(shown["pixels"]) == std::vector<int>{0, 5, 46, 255});
}

TEST_CASE("pictures of another size than the data's are left out") {
  const TemporaryFolder temporary;
  const json found = pictures_data(with_pictures(temporary.path() / "x"), k_experiment,
                                   {{"width", 3}, {"height", 1}}, {{"a", 1}});
  CHECK(found["mistakes"].empty());
  CHECK(found["maps"].empty());
}
