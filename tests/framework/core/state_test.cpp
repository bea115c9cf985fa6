// SPDX-License-Identifier: Apache-2.0
#include "core/state.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>

#include "core/error.hpp"

using namespace deltaw;

namespace {

std::vector<std::byte> sample() {
  StateWriter writer;
  writer.integer("step", 41);
  writer.real("mean", -0.25);
  writer.text("rule", std::string_view("a\0b", 3));
  const std::array<float, 6> values = {1, 2, 3, 4, 5, 6};
  writer.matrix("moment", values.data(), 2, 3);
  return writer.bytes();
}

std::string failure(std::span<const std::byte> bytes,
                    const std::function<void(StateReader&)>& read) {
  try {
    StateReader reader(bytes);
    read(reader);
  } catch (const Error& error) {
    CHECK(error.code() == Code::E306);
    return error.text();
  }
  return "no error";
}

}  // namespace

TEST_CASE("what was written is read back") {
  const auto bytes = sample();
  StateReader reader(bytes);
  CHECK(reader.integer("step") == 41);
  CHECK(reader.real("mean") == -0.25);
  CHECK(reader.text("rule") == std::string("a\0b", 3));
  std::array<float, 6> values{};
  reader.matrix("moment", values.data(), 2, 3);
  CHECK(values == std::array<float, 6>{1, 2, 3, 4, 5, 6});
  CHECK_NOTHROW(reader.finish());
}

TEST_CASE("a record of another name, kind, shape, precision or value is refused") {
  const auto bytes = sample();
  const auto text = [&](auto read) { return failure(bytes, read); };
  CHECK(text([](StateReader& r) {
          (void)r.integer("steps");
        }).find("expected 'steps', found 'step'") != std::string::npos);
  CHECK(text([](StateReader& r) { (void)r.real("step"); }).find("expected real, found integer") !=
        std::string::npos);
  CHECK(text([](StateReader& r) { r.expect("step", 40); }).find("expected 40, found 41") !=
        std::string::npos);
  const auto moment = [](StateReader& r, auto* data, std::size_t rows, std::size_t cols) {
    (void)r.integer("step"), (void)r.real("mean"), (void)r.text("rule");
    r.matrix("moment", data, rows, cols);
  };
  std::array<float, 6> floats{};
  std::array<double, 6> doubles{};
  CHECK(text([&](StateReader& r) {
          moment(r, floats.data(), 3, 2);
        }).find("expected 3 x 2, found 2 x 3") != std::string::npos);
  CHECK(text([&](StateReader& r) {
          moment(r, doubles.data(), 2, 3);
        }).find("expected float64 matrix, found float32 matrix") != std::string::npos);
  CHECK(text([](StateReader& r) { r.finish(); }).find("more than was asked for") !=
        std::string::npos);
}

TEST_CASE("a stream cut anywhere is refused, never read beyond its end") {
  const auto bytes = sample();
  std::array<float, 6> values{};
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<long>(size));
    CHECK(failure(cut, [&](StateReader& r) {
            (void)r.integer("step"), (void)r.real("mean"), (void)r.text("rule");
            r.matrix("moment", values.data(), 2, 3);
          }) != "no error");
  }
}

TEST_CASE("other bytes, another version and a hostile shape are refused") {
  auto bytes = sample();
  const auto nothing = [](StateReader&) {};
  CHECK(failure(std::vector<std::byte>(64), nothing).find("not one of deltaw's") !=
        std::string::npos);
  bytes[8] = std::byte{9};
  CHECK(failure(bytes, nothing).find("expected version 1, found version 9") != std::string::npos);

  bytes = sample();
  constexpr std::size_t rows_of_first = 8 + 4 + 4 + 4 + 1;
  for (std::size_t i = 0; i < 16; ++i) bytes[rows_of_first + i] = std::byte{0xff};
  CHECK(failure(bytes, [](StateReader& r) { (void)r.integer("step"); }).find("truncated") !=
        std::string::npos);
}

TEST_CASE("a count is believed up to the bytes that are left, and a place up to the last") {
  StateWriter writer;
  writer.integer("places", 3);
  writer.integer("values", 40);
  const auto& bytes = writer.bytes();
  CHECK(failure(bytes, [](StateReader& r) {
          (void)r.at_most(2, "places");
        }).find("expected at most 2, found 3") != std::string::npos);
  CHECK(failure(bytes, [](StateReader& r) {
          (void)r.at_most(3, "places"), (void)r.count("values");
        }).find("expected at most 0, found 40") != std::string::npos);
}
