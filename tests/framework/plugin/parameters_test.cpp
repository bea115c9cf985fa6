// SPDX-License-Identifier: Apache-2.0
#include "plugin/parameters.hpp"

#include "fixture.hpp"
#include "plugin/manifest.hpp"

using namespace deltaw;
using namespace deltaw::test;
using nlohmann::json;

namespace {

RuleSpec good_rule() { return parse_manifest(good_manifest(), "/x/x.rule.json").rules[0]; }

Error error_given(const json& given) {
  return error_of([&] { (void)resolve_parameters(good_rule(), given); });
}

}  // namespace

TEST_CASE("what is not given has its default, in the manifest's order") {
  const auto resolved = resolve_parameters(good_rule(), {{"variant", "oja"}, {"scale", 3}});
  REQUIRE(resolved.size() == 5);
  CHECK(resolved[0].name == "scale");
  CHECK(resolved[0].value == ParameterValue(3.0));
  CHECK(resolved[1].value == ParameterValue(std::int64_t{2}));
  CHECK(resolved[2].value == ParameterValue(false));
  CHECK(resolved[3].value == ParameterValue(std::string("oja")));
  CHECK(resolve_parameters(good_rule(), nullptr).size() == 5);
}

TEST_CASE("a whole number may be written with an exponent") {
  const auto resolved = resolve_parameters(good_rule(), json::parse(R"({"delay": 1e3})"));
  CHECK(resolved[1].value == ParameterValue(std::int64_t{1000}));
}

TEST_CASE("an unknown parameter is E201 with the nearest name") {
  const Error error = error_given({{"scael", 1}});
  CHECK(error.code() == Code::E201);
  CHECK(has(error.text(), "rule 'good-hebb' has no parameter 'scael'"));
  CHECK(has(error.text(), "did you mean 'scale'?"));
  CHECK(info(error.code()).exit_status == 2);
}

TEST_CASE("a parameter that waits for a choice is E202 beside any other") {
  json manifest = good_manifest();
  manifest["rules"][0]["parameters"][1]["when"] = {{"variant", {"oja"}}};
  const RuleSpec rule = parse_manifest(manifest, "/x/x.rule.json").rules[0];
  const auto delay = [&](const json& given) { return resolve_parameters(rule, given)[1].value; };
  CHECK(delay({{"variant", "oja"}, {"delay", 7}}) == ParameterValue(std::int64_t{7}));
  CHECK(delay({{"variant", "plain"}}) == ParameterValue(std::int64_t{2}));
  CHECK(delay({{"delay", 2}}) == ParameterValue(std::int64_t{2}));  // as without it
  const Error error = error_of([&] { (void)delay({{"delay", 7}}); });
  CHECK(error.code() == Code::E202);
  CHECK(has(error.text(), "parameter 'delay' of rule 'good-hebb' has no effect here"));
  CHECK(has(error.text(), "expected variant oja"));
}

TEST_CASE("a wrong type or value is E202 with what is allowed") {
  const Error range = error_given({{"scale", -1}});
  CHECK(range.code() == Code::E202);
  CHECK(has(range.text(), "expected number in (0, 10], found -1"));
  CHECK(error_given({{"scale", 0}}).code() == Code::E202);
  CHECK_NOTHROW((void)resolve_parameters(good_rule(), {{"scale", 10}}));
  CHECK(error_given({{"scale", 10.001}}).code() == Code::E202);
  CHECK(has(error_given({{"delay", 1.5}}).text(), "expected integer >= 0, found 1.5"));
  CHECK(has(error_given({{"delay", -1}}).text(), "expected integer >= 0, found -1"));
  CHECK(has(error_given({{"delay", UINT64_MAX}}).text(), "expected integer >= 0"));
  CHECK(has(error_given({{"signed", 1}}).text(), "expected boolean, found 1"));
  CHECK(has(error_given({{"scale", "1"}}).text(), "found \"1\""));
  const Error choice = error_given({{"variant", "ojja"}});
  CHECK(has(choice.text(), "expected one of plain, oja, found \"ojja\""));
  CHECK(has(choice.text(), "did you mean 'oja'?"));
  CHECK(error_given(json::array({1})).code() == Code::E202);
  CHECK(error_given({{"label", std::string("a\0b", 3)}}).code() == Code::E202);
}

TEST_CASE("parameters reach the ABI by kind") {
  const auto resolved = resolve_parameters(good_rule(), {{"signed", true}});
  const auto params = abi_parameters(resolved);
  REQUIRE(params.size() == 5);
  CHECK(std::string(params[0].name) == "scale");
  CHECK(params[0].kind == DELTAW_PARAM_F64);
  CHECK(params[0].value.f64 == 1.0);
  CHECK(params[1].kind == DELTAW_PARAM_I64);
  CHECK(params[1].value.i64 == 2);
  CHECK(params[2].kind == DELTAW_PARAM_BOOL);
  CHECK(params[2].value.i64 == 1);
  CHECK(params[3].kind == DELTAW_PARAM_STR);
  CHECK(std::string(params[4].value.str) == "h");
}
