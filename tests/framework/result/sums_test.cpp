// SPDX-License-Identifier: Apache-2.0
#include "result/sums.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "framework/result/temporary_folder.hpp"
#include "result/file.hpp"

using namespace deltaw;
namespace fs = std::filesystem;

namespace {

// Of "abc" and of nothing: FIPS 180-4.
constexpr const char* k_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* k_empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

TEST_CASE("the sums of a run are those of its files, but of passing ones") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "weights");
  write_file(folder.path() / "weights" / "a>b.npy", "abc");
  write_file(folder.path() / "metrics.csv", "");
  for (const char* passing : {"state.bin", "state-before.bin", "run.json.part"}) {
    write_file(folder.path() / passing, "x");
  }
  const std::string sums = sums_of(folder.path(), "abc");
  CHECK(sums == std::string(k_empty) + "  metrics.csv\n" + k_abc + "  run.json\n" + k_abc +
                    "  weights/a>b.npy\n");
  write_file(folder.path() / "run.json", "abc");
  write_file(folder.path() / k_sums_file, sums);
  CHECK(damage_in(folder.path()).empty());

  write_file(folder.path() / "metrics.csv", "abc");
  fs::remove(folder.path() / "weights" / "a>b.npy");
  const std::vector<Damage> damages = damage_in(folder.path());
  REQUIRE(damages.size() == 2);
  CHECK(damages[0].file == "metrics.csv");
  CHECK(damages[0].expected == std::string("SHA-256 ") + k_empty);
  CHECK(damages[0].found == std::string("SHA-256 ") + k_abc);
  CHECK(damages[1].file == "weights/a>b.npy");
  CHECK(damages[1].found == "nothing");

  write_file(folder.path() / k_sums_file, "");
  CHECK(damage_in(folder.path()).at(0).file == k_sums_file);
}

TEST_CASE("of a run without sums the record must be whole and the curve there") {
  const TemporaryFolder folder;
  write_file(folder.path() / "run.json", "{\"rule\":");
  CHECK(damage_in(folder.path()).at(0).file == "run.json");
  write_file(folder.path() / "run.json", "{}");
  CHECK(damage_in(folder.path()).at(0).file == "metrics.csv");
  write_file(folder.path() / "metrics.csv", "");
  CHECK(damage_in(folder.path()).empty());
}
