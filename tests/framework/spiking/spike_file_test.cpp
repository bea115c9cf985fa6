// SPDX-License-Identifier: Apache-2.0
#include "spiking/spike_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "core/error.hpp"
#include "spiking/input.hpp"

using namespace deltaw;

namespace {

class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("deltaw-spikes-" + std::to_string(getpid()) + ".csv")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string failure(Code code, const std::string& text) {
  const File file(text);
  try {
    (void)read_spikes(file.path(), 5, 0.1);
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.text();
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("spikes come by step and unit, below a header") {
  const File file("unit,time_ms\n3,0\n 1, 0.05\r\n\n4,0.3\n0,0.3\n2,1e3\n");
  const std::vector<StepSpike> spikes = read_spikes(file.path(), 5, 0.1);
  REQUIRE(spikes.size() == 5);
  const std::uint64_t steps[] = {0, 0, 3, 3, 10000};
  const std::uint32_t units[] = {1, 3, 0, 4, 2};
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(spikes[k].step == steps[k]);
    CHECK(spikes[k].unit == units[k]);
  }
}

TEST_CASE("a spike at a multiple of dt is in the step that begins there") {
  for (int k = 0; k < 1000; ++k) CHECK(step_at(0.1 * k, 0.1) == static_cast<std::uint64_t>(k));
  CHECK(step_at(0.0998, 0.1) == 0);
}

TEST_CASE("a file of spikes is shown up to the end of the presentation") {
  const File file("1,0\n0,2\n1,2.5\n0,9\n");
  Encoder<float> encoder({.type = "spikes", .file = file.path().string()}, 2, 0.5);
  encoder.encode({}, 1, 5, 1, "", 0);
  REQUIRE(encoder.steps() == 10);
  std::vector<std::size_t> counts;
  for (std::size_t step = 0; step < 10; ++step) counts.push_back(encoder.at(step).size());
  CHECK(counts == std::vector<std::size_t>{1, 0, 0, 0, 1, 1, 0, 0, 0, 0});
  CHECK(encoder.at(4)[0] == 0);
}

TEST_CASE("what is no spike is refused with its line") {
  CHECK(has(failure(Code::E414, "0,5\n1,4.9\n"), ":2: spikes are out of order"));
  CHECK(has(failure(Code::E403, "0,1\n5,2\n"), ":2: there is no unit 5"));
  CHECK(has(failure(Code::E403, "0,-1\n"), ":1: a spike before the start"));
  CHECK(has(failure(Code::E403, "0,1\n\n1\n"), ":3: no spike"));
  CHECK(has(failure(Code::E403, "0,1\nx,2\n"), ":2: no spike"));
  CHECK(has(failure(Code::E403, "0,nan\n"), ":1: no spike"));
  CHECK(has(failure(Code::E403, "unit,time\nunit,time\n"), ":2: no spike"));
  CHECK(has(failure(Code::E403, "2,1\n1,1\n2,1.05\n"), "unit 2 has spiked twice in step 10"));
  try {
    (void)read_spikes("/nowhere/spikes.csv", 5, 0.1);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E400);
  }
}
