// SPDX-License-Identifier: Apache-2.0
#include "report/base64.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string_view>

using namespace deltaw;

TEST_CASE("base 64 gives the examples of RFC 4648") {
  const auto of = [](std::string_view text) { return base64(Bytes(text.begin(), text.end())); };
  CHECK(of("").empty());
  CHECK(of("f") == "Zg==");
  CHECK(of("fo") == "Zm8=");
  CHECK(of("foo") == "Zm9v");
  CHECK(of("foob") == "Zm9vYg==");
  CHECK(of("fooba") == "Zm9vYmE=");
  CHECK(of("foobar") == "Zm9vYmFy");
  CHECK(base64({0xfb, 0xff, 0xfe}) == "+//+");
}

TEST_CASE("bytes are clamped, and the middle stands for what is not finite") {
  CHECK(byte_of(-3) == 0);
  CHECK(byte_of(300) == 255);
  CHECK(byte_of(2.5) == 3);
  CHECK(byte_of(std::numeric_limits<double>::quiet_NaN()) == 127);
  CHECK(byte_of(std::numeric_limits<double>::infinity()) == 127);
  CHECK(signed_byte_of(-1) == 0);
  CHECK(signed_byte_of(0) == 127);
  CHECK(signed_byte_of(7) == 254);
}
