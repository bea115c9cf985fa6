// SPDX-License-Identifier: Apache-2.0
#include "report/mosaic_data.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "framework/report/decoded.hpp"
#include "framework/result/temporary_folder.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

// Row after row of units, as one reads them.
NpyMatrix weights(std::size_t units, std::size_t pixels, const std::vector<float>& rows) {
  std::vector<float> values(units * pixels);
  for (std::size_t unit = 0; unit < units; ++unit) {
    for (std::size_t i = 0; i < pixels; ++i) values[i * units + unit] = rows[unit * pixels + i];
  }
  return {units, pixels, std::move(values)};
}

NpyMatrix constant(std::size_t units, std::size_t pixels, float value) {
  return {units, pixels, std::vector<float>(units * pixels, value)};
}

}  // namespace

TEST_CASE("a mosaic is unit after unit, row after row, with zero in the middle of the bytes") {
  const json mosaic =
      mosaic_of(weights(2, 6, {0, 1, -1, 0.5F, 0, 0, -0.25F, 0, 0, 0, 0, 1}), {3, 2}, 1000);
  CHECK(mosaic["units"] == 2);
  CHECK(mosaic["shown"] == 2);
  CHECK(mosaic["width"] == 3);
  CHECK(mosaic["height"] == 2);
  CHECK(mosaic["scale"] == 1);
  CHECK(decoded(mosaic["pixels"]) ==
        std::vector<int>{127, 254, 0, 191, 127, 127, 95, 127, 127, 127, 127, 254});
}

TEST_CASE("a mosaic of colour images keeps the planes apart") {
  const json mosaic = mosaic_of(weights(1, 6, {1, 1, 0, 0, -1, -1}), {2, 1, 3}, 1000);
  CHECK(mosaic["channels"] == 3);
  CHECK(decoded(mosaic["pixels"]) == std::vector<int>{254, 254, 127, 127, 0, 0});
}

TEST_CASE("what is beyond the bytes loses detail by averages, not units") {
  // Left half 1, right half -1: averages of 2 x 2 keep the halves.
  std::vector<float> unit(16 * 14);
  for (std::size_t i = 0; i < unit.size(); ++i) unit[i] = i % 16 < 8 ? 1 : -1;
  const json mosaic = mosaic_of(weights(1, unit.size(), unit), {16, 14}, 60);
  CHECK(mosaic["width"] == 8);
  CHECK(mosaic["height"] == 7);
  CHECK(mosaic["image"] == json::array({16, 14}));
  const std::vector<int> levels = decoded(mosaic["pixels"]);
  REQUIRE(levels.size() == 56);
  for (std::size_t i = 0; i < levels.size(); ++i) CHECK(levels[i] == (i % 8 < 4 ? 254 : 0));

  // A block at the edge averages the pixels that are there: 15 = 7 x 2 + 1.
  const json odd = mosaic_of(constant(1, 15 * 15, 2), {15, 15}, 64);
  CHECK(odd["width"] == 8);
  CHECK(odd["scale"] == 2);
  for (const int level : decoded(odd["pixels"])) CHECK(level == 254);
}

TEST_CASE("tiles keep seven pixels a side; then a mosaic shows fewer units") {
  const json mosaic = mosaic_of(constant(100, 28 * 28, 1), {28, 28}, 490);
  CHECK(mosaic["width"] == 7);
  CHECK(mosaic["units"] == 100);
  CHECK(mosaic["shown"] == 10);
  CHECK(decoded(mosaic["pixels"]).size() == 490);
  CHECK(mosaic_of(constant(3, 64, 1), {8, 8}, 1)["shown"] == 1);
  CHECK(mosaic_of(constant(5000, 1, 1), {1, 1}, 10'000)["shown"] == 4096);
}

TEST_CASE("a single huge weight does not make all others pale, nor does one that is no number") {
  std::vector<float> unit(3000, 1);
  unit[7] = 1000;
  unit[8] = std::numeric_limits<float>::quiet_NaN();
  unit[9] = -1000;
  unit[10] = -1;
  const json mosaic = mosaic_of(weights(1, 3000, unit), {3000, 1}, 10'000);
  CHECK(mosaic["scale"] == 1);
  const std::vector<int> levels = decoded(mosaic["pixels"]);
  CHECK(levels[0] == 254);
  CHECK(levels[7] == 254);
  CHECK(levels[8] == 127);
  CHECK(levels[9] == 0);
  CHECK(levels[10] == 0);
  CHECK(mosaic_of(constant(1, 4, 0), {2, 2}, 100)["scale"] == 0);
}

TEST_CASE("mosaics are of each arm's own connections from the input, and share the page's bytes") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  const json shared = {{"layers", {{{"name", "input"}}, {{"name", "features"}}}},
                       {"connections", {{{"from", "input"}, {"to", "features"}}}}};
  const json own = {{"layers", {{{"name", "retina"}}, {{"name", "deep"}}, {{"name", "input"}}}},
                    {"connections",
                     {{{"name", "first"}, {"from", "retina"}, {"to", "deep"}},
                      {{"name", "second"}, {"from", "deep"}, {"to", "input"}}}}};
  const json experiment = {{"network", shared},
                           {"rules", {{{"name", "a"}}, {{"name", "b"}, {"network", own}}}}};
  folder.write_weights("a", 1, "input>features", constant(4, 4, 1));
  folder.write_weights("b", 3, "first", constant(2, 4, 1));
  folder.write_weights("b", 3, "second", constant(2, 4, 1));
  folder.write_weights("b", 3, "deep.bias", constant(2, 1, 1));
  const json image = {{"width", 2}, {"height", 2}};
  const json mosaics = mosaics_data(folder, experiment, image, {{"a", 1}, {"b", 3}});
  REQUIRE(mosaics.size() == 2);
  CHECK(mosaics[0]["connection"] == "input>features");
  CHECK(mosaics[0]["to"] == "features");
  CHECK(mosaics[1]["rule"] == "b");
  CHECK(mosaics[1]["seed"] == 3);
  CHECK(mosaics[1]["connection"] == "first");
  CHECK(mosaics[1]["to"] == "deep");
  CHECK(mosaics_data(folder, experiment, {{"width", 3}, {"height", 2}}, {{"a", 1}}).empty());

  // 2000 units of 28 x 28 alone keep every pixel, beside four others they do not.
  const json large = {{"width", 28}, {"height", 28}};
  std::vector<std::pair<std::string, std::uint64_t>> runs;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    folder.write_weights("a", seed, "input>features", constant(2000, 784, 1));
    runs.emplace_back("a", seed);
  }
  CHECK(mosaics_data(folder, experiment, large, {{"a", 1}})[0]["width"] == 28);
  const json five = mosaics_data(folder, experiment, large, runs);
  std::size_t characters = 0;
  for (const json& mosaic : five) {
    CHECK(mosaic["width"] == 14);
    CHECK(mosaic["shown"] == 2000);
    characters += mosaic["pixels"].get_ref<const std::string&>().size();
  }
  CHECK(characters < 8 << 20);
}

TEST_CASE("filters of a convolution are small images, plane after plane") {
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "out");
  const json experiment = {
      {"network",
       {{"layers", {{{"name", "input"}}, {{"name", "conv"}, {"type", "conv2d"}, {"kernel", 2}}}},
        {"connections", {{{"from", "input"}, {"to", "conv"}}}}}},
      {"rules", {{{"name", "a"}}}}};
  // One filter; the two channels of each pixel together.
  folder.write_weights("a", 1, "input>conv", weights(1, 8, {1, -1, 2, -2, 3, -3, 4, -4}));
  const json image = {{"width", 28}, {"height", 28}, {"channels", 2}};
  const json mosaics = mosaics_data(folder, experiment, image, {{"a", 1}});
  REQUIRE(mosaics.size() == 1);
  CHECK(mosaics[0]["width"] == 2);
  CHECK(mosaics[0]["channels"] == 2);
  const std::vector<int> bytes = decoded(mosaics[0]["pixels"]);
  REQUIRE(bytes.size() == 8);
  CHECK(bytes[3] == 254);
  CHECK(bytes[7] == 0);
  for (int i = 0; i < 4; ++i) {
    CHECK(bytes[static_cast<std::size_t>(i)] ==
          doctest::Approx(127 + 127 * (i + 1) / 4.0).epsilon(0.01));
    CHECK(bytes[static_cast<std::size_t>(i + 4)] ==
          doctest::Approx(127 - 127 * (i + 1) / 4.0).epsilon(0.02));
  }
}
