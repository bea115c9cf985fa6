// SPDX-License-Identifier: Apache-2.0
#include "result/provenance.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>

using namespace deltaw;

TEST_CASE("provenance names versions, host, plugins and data") {
  Provenance facts;
  facts.command = {"deltaw", "compare", "my file.json", "--set", "a='b'"};
  facts.started = utc_now();
  facts.plugins = {{"org.x.oja", "1.2.0", "/lib/oja.so", "ab"}};
  facts.data = {{"digits.csv", "cd"}};
  const nlohmann::json json = to_json(facts);
  CHECK(json["deltaw"].get<std::string>().find('.') != std::string::npos);
  CHECK(json["command"] == R"(deltaw compare 'my file.json' --set 'a='\''b'\''')");
  CHECK(json["finished"].is_null());
  CHECK(json["host"]["cores"].get<int>() >= 1);
  CHECK_FALSE(json["host"]["cpu"].get<std::string>().empty());
  CHECK(json["host"]["os"].get<std::string>().find("Linux") != std::string::npos);
  CHECK(json["blas"].get<std::string>().find("OpenBLAS") != std::string::npos);
  CHECK(json["blas"].get<std::string>().find("; oneDNN ") != std::string::npos);
  CHECK(json["plugins"][0]["sha256"] == "ab");
  CHECK(json["data"][0]["file"] == "digits.csv");
}

TEST_CASE("times are ISO 8601 in UTC") {
  CHECK(std::regex_match(utc_now(), std::regex(R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
}
