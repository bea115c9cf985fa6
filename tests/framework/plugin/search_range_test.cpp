// SPDX-License-Identifier: Apache-2.0
#include "plugin/search_range.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "error_of.hpp"
#include "plugin/manifest.hpp"

using namespace deltaw;
using nlohmann::json;

namespace {

double number(const ParameterValue& value) { return std::get<double>(value); }

json manifest_with(const json& tune, const char* type = "number", const json& fallback = 1) {
  json parameter = {{"name", "p"}, {"type", type}, {"default", fallback}, {"tune", tune}};
  if (std::string(type) == "number") parameter["maximum"] = 8;
  return {{"schema", 1},
          {"abi", "1.0"},
          {"library", "x.so"},
          {"rules",
           {{{"id", "x"},
             {"version", "1.0.0"},
             {"summary", "a rule"},
             {"signals", {"pre", "post"}},
             {"grain", "batch"},
             {"dynamics", {"static"}},
             {"locality", "synapse"},
             {"supervision", "none"},
             {"dtypes", {"f32"}},
             {"parameters", {parameter}}}}}};
}

Error refusal(const json& tune, const char* type = "number", const json& fallback = 1) {
  return error_of(
      [&] { (void)parse_manifest(manifest_with(tune, type, fallback), "x.rule.json"); });
}

}  // namespace

TEST_CASE("a log scale goes by equal factors, a linear one by equal steps") {
  const SearchRange decades{0.01, 100, true}, steps{-1, 3};
  CHECK(number(value_at(decades, 0)) == 0.01);
  CHECK(number(value_at(decades, 0.25)) == 0.1);
  CHECK(number(value_at(decades, 0.5)) == 1);
  CHECK(number(value_at(steps, 0.25)) == 0);
  CHECK(number(value_at(steps, 0.999999)) == 3);
  CHECK(number(value_at(decades, 0.3)) == 0.1585);  // 0.01 x 10^1.2, to four digits
  CHECK(place_in(decades, 10) == doctest::Approx(0.75));
  CHECK(place_in(steps, 2) == doctest::Approx(0.75));
}

TEST_CASE("a list gives each value an equal share") {
  const SearchRange list = parse_range({"a", true, 3});
  CHECK(std::get<std::string>(value_at(list, 0.33)) == "a");
  CHECK(std::get<bool>(value_at(list, 0.34)));
  CHECK(std::get<std::int64_t>(value_at(list, 0.99)) == 3);
  CHECK(text_of(list) == "one of a, true, 3");
}

TEST_CASE("ranges are read and written alike") {
  for (const json& range :
       {json{{"low", 0.5}, {"high", 2.0}, {"scale", "log"}},
        json{{"low", 0.0}, {"high", 2.0}, {"scale", "linear"}}, json{0, 0.5, "x", false}}) {
    CHECK(to_json(parse_range(range)) == range);
    CHECK(fault_of(parse_range(range)).empty());
  }
  CHECK(text_of({0.001, 10, true}) == "0.001 to 10, log");
  CHECK(fault_of({1, 1}) == "is empty: \"low\" must be below \"high\"");
  CHECK(fault_of({0, 1, true}) == "has a log scale, which needs \"low\" above 0");
}

TEST_CASE("a manifest says where its parameters may be searched, within what they allow") {
  const Manifest manifest =
      parse_manifest(manifest_with({{"low", 0.5}, {"high", 8}, {"scale", "log"}}), "x.rule.json");
  const auto& range = manifest.rules[0].parameters[0].tune;
  REQUIRE(range.has_value());
  CHECK(text_of(*range) == "0.5 to 8, log");
  CHECK_FALSE(parse_manifest(manifest_with({2, 4}, "integer"), "x.rule.json")
                  .rules[0]
                  .parameters[0]
                  .tune->values.empty());

  CHECK(refusal({{"low", 2}, {"high", 1}}).code() == Code::E111);
  CHECK(refusal({{"low", 2}, {"high", 1}}).headline().ends_with("must be below \"high\""));
  CHECK(refusal({{"low", 1}, {"high", 9}}).detail().expected == "number <= 8");
  CHECK(refusal({1, "two"}).code() == Code::E111);
  CHECK(refusal({{"low", 1}, {"high", 4}}, "integer").detail().expected ==
        "a list of values for type \"integer\"");
}
