// SPDX-License-Identifier: Apache-2.0
#include "plugin/manifest.hpp"

#include <deltaw/abi.h>

#include "core/json.hpp"
#include "fixture.hpp"
#include "places.hpp"

using namespace deltaw;
using namespace deltaw::test;
using nlohmann::json;

namespace {

// The error of the good manifest with one patch applied (RFC 7386).
Error error_with(const json& patch) {
  const Folder folder;
  json document = good_manifest();
  document.merge_patch(patch);
  return error_of([&] { (void)read_manifest(folder.write("x.rule.json", document)); });
}

Error error_with_rule(const json& patch) {
  const Folder folder;
  json document = good_manifest();
  document["rules"][0].merge_patch(patch);
  return error_of([&] { (void)read_manifest(folder.write("x.rule.json", document)); });
}

Error error_with_parameter(const json& parameter) {
  return error_with_rule({{"parameters", json::array({parameter})}});
}

}  // namespace

TEST_CASE("a manifest is read with all that it says") {
  const Folder folder;
  json document = good_manifest();
  document["sha256"] = std::string(64, 'a');
  const Manifest manifest = read_manifest(folder.write("x.rule.json", document));
  CHECK(manifest.library == folder.path() / "good_hebb.so");
  CHECK(manifest.sha256 == std::string(64, 'a'));
  CHECK(manifest.abi_major == 1);
  CHECK(manifest.abi_minor == 0);
  CHECK(manifest.license == "Apache-2.0");
  REQUIRE(manifest.rules.size() == 1);

  const RuleSpec& rule = manifest.rules[0];
  CHECK(rule.id == "good-hebb");
  CHECK(rule.name == "Hebb");
  CHECK(rule.references == std::vector<std::string>{"Hebb 1949"});
  CHECK(rule.signals == (DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_POST)));
  CHECK(rule.capabilities ==
        (DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC));
  CHECK(rule.scope == Scope::local);
  CHECK(rule.grain == Grain::batch);
  CHECK(rule.dynamics == std::vector<Dynamics>{Dynamics::fixed, Dynamics::rate});
  CHECK(rule.locality == Locality::synapse);
  CHECK(rule.supervision == "none");
  CHECK_FALSE(rule.measured);

  REQUIRE(rule.parameters.size() == 5);
  CHECK(rule.parameters[0].fallback == ParameterValue(1.0));
  CHECK(rule.parameters[0].exclusive_minimum);
  CHECK_FALSE(rule.parameters[0].exclusive_maximum);
  CHECK(rule.parameters[0].maximum == 10);
  CHECK(rule.parameters[1].fallback == ParameterValue(std::int64_t{2}));
  CHECK(rule.parameters[2].fallback == ParameterValue(false));
  CHECK(rule.parameters[3].fallback == ParameterValue(std::string("plain")));
  CHECK(rule.parameters[3].type == ParameterSpec::Type::choice);
}

TEST_CASE("what a build has measured is kept beside what the author claims") {
  const Folder folder;
  json document = good_manifest();
  document["rules"][0]["locality"] = "layer";
  document["rules"][0]["measured"] = {{"locality", "neuron"}};
  const Manifest manifest = read_manifest(folder.write("x.rule.json", document));
  CHECK(manifest.rules[0].locality == Locality::layer);
  CHECK(manifest.rules[0].measured == Locality::neuron);
}

TEST_CASE("schema, code and ABI know the same signals in the same order") {
  const json schema = read_json(std::string(k_source_folder) + "/sdk/schema/rule.schema.json",
                                {Code::E001, Code::E001, Code::E001, Code::E001});
  const auto names = schema["/definitions/rule/properties/signals/items/enum"_json_pointer]
                         .get<std::vector<std::string>>();
  CHECK(names == signal_names(~std::uint64_t{0}));
  CHECK(names.size() == DELTAW_SIGNAL_COUNT);
  CHECK(signal_name(DELTAW_SPIKES_POST) == "spikes.post");
  CHECK(signal_name(DELTAW_BASELINE) == "baseline");
  CHECK(signal_names(DELTAW_SIGNAL_BIT(DELTAW_REWARD)) == std::vector<std::string>{"reward"});
}

TEST_CASE("a manifest that is not there is E103") {
  const Error error = error_of([] { (void)read_manifest("/nonexistent/x.rule.json"); });
  CHECK(error.code() == Code::E103);
  CHECK(has(error.text(), "/nonexistent/x.rule.json: no such file"));
}

TEST_CASE("a manifest that is not JSON is E110 with line and column") {
  const Folder folder;
  const fs::path file =
      folder.write("x.rule.json", std::string("{\n  \"schema\": 1\n  \"a\": 2\n}"));
  const Error error = error_of([&] { (void)read_manifest(file); });
  CHECK(error.code() == Code::E110);
  CHECK(has(error.headline(), "x.rule.json:3:5: "));
  CHECK(has(error.text(), "expected '}'"));
}

TEST_CASE("a wrong type is E111 with its place") {
  const Error error = error_with_rule({{"version", 3}});
  CHECK(error.code() == Code::E111);
  CHECK(has(error.headline(), "x.rule.json: /rules/0/version has the wrong type"));
  CHECK(has(error.text(), "expected string, found number 3"));
}

TEST_CASE("a missing key is E111, also where it was misspelt") {
  const Error error = error_with({{"library", nullptr}, {"libary", "x.so"}});
  CHECK(error.code() == Code::E111);
  CHECK(has(error.text(), "lacks the key 'library'"));
  CHECK(has(error.text(), "try: rename 'libary' to 'library'"));
}

TEST_CASE("a choice that does not exist is E111 with the nearest one") {
  const Error error = error_with_rule({{"locality", "synaps"}});
  CHECK(error.code() == Code::E111);
  CHECK(has(error.text(), "/rules/0/locality is not one of the choices"));
  CHECK(has(error.text(), "did you mean \"synapse\"?"));
  CHECK(error_with_rule({{"signals", {"pre", "weihgts"}}}).code() == Code::E111);
}

TEST_CASE("unknown keys are ignored by the host and named for the author") {
  const Folder folder;
  json document = good_manifest();
  document["rules"][0]["sumary"] = "x";
  CHECK_NOTHROW((void)read_manifest(folder.write("x.rule.json", document)));
  const Error error = error_of([&] { check_strictly(document, "x.rule.json"); });
  CHECK(error.code() == Code::E111);
  CHECK(has(error.text(), "x.rule.json: /rules/0/sumary is an unknown key"));
  CHECK(has(error.text(), "did you mean 'summary'?"));
  CHECK_NOTHROW(check_strictly(good_manifest(), "x.rule.json"));
}

TEST_CASE("a newer schema is E112, whatever else the manifest holds") {
  const Error error = error_with({{"schema", 3}, {"rules", 7}});
  CHECK(error.code() == Code::E112);
  CHECK(has(error.text(), "schema 3, this deltaw reads up to 1"));
  CHECK(has(error.text(), "try: upgrade deltaw"));
}

TEST_CASE("a library outside the manifest's folder is E113") {
  for (const char* name : {"../x.so", "/usr/lib/x.so", "a/x.so", "..", ".", ""}) {
    CAPTURE(name);
    const Error error = error_with({{"library", name}});
    CHECK(error.code() == Code::E113);
    CHECK(has(error.text(), std::string("found '") + name + "'"));
  }
}

TEST_CASE("another ABI is refused by the manifest alone: E135 and E136") {
  const Error major = error_with({{"abi", "2.0"}});
  CHECK(major.code() == Code::E135);
  CHECK(has(major.text(), "needs ABI 2, this deltaw has 1"));
  const Error minor = error_with({{"abi", "1.4"}});
  CHECK(minor.code() == Code::E136);
  CHECK(has(minor.text(), "needs ABI 1.4, this deltaw has 1.0"));
  for (const char* abi : {"1", "1.0.0", "one", "1.", "-1.0", ""}) {
    CAPTURE(abi);
    CHECK(error_with({{"abi", abi}}).code() == Code::E111);
  }
}

TEST_CASE("a default outside its own range or type is E111") {
  const Error range =
      error_with_parameter({{"name", "p"}, {"type", "number"}, {"default", -1}, {"minimum", 0}});
  CHECK(range.code() == Code::E111);
  CHECK(has(range.text(), "default of parameter 'p' contradicts its own type or range"));
  CHECK(has(range.text(), "expected number >= 0, found -1"));
  CHECK(error_with_parameter({{"name", "p"}, {"type", "integer"}, {"default", 0.5}}).code() ==
        Code::E111);
  const Error choice = error_with_parameter(
      {{"name", "p"}, {"type", "enum"}, {"default", "c"}, {"values", {"a", "b"}}});
  CHECK(has(choice.text(), "expected one of a, b, found \"c\""));
  CHECK(error_with_parameter({{"name", "p"}, {"type", "enum"}, {"default", "c"}}).code() ==
        Code::E111);
}

TEST_CASE("a parameter can wait for a choice of its rule, and for nothing else") {
  const auto error_when = [](const json& when) {
    json parameters = good_manifest()["rules"][0]["parameters"];
    parameters[0]["when"] = when;
    return error_with_rule({{"parameters", parameters}});
  };
  for (const json& when : {json{{"varian", {"oja"}}}, json{{"variant", {"ojja"}}},
                           json{{"scale", {"1"}}}, json{{"label", {"h"}}}}) {
    const Error error = error_when(when);
    CHECK(error.code() == Code::E111);
    CHECK(has(error.text(), "'when' of parameter 'scale'"));
  }
  json chain = good_manifest()["rules"][0]["parameters"];
  chain[3]["values"] = {"plain", "oja"};
  chain.push_back({{"name", "mode"}, {"type", "enum"}, {"values", {"a"}}, {"default", "a"}});
  chain[0]["when"] = {{"variant", {"oja"}}};
  chain[3]["when"] = {{"mode", {"a"}}};  // declared after what waits for it
  CHECK(error_with_rule({{"parameters", chain}}).code() == Code::E111);
  CHECK(error_when(json::parse(R"({"variant": []})")).code() == Code::E111);
  CHECK(error_when(json::parse(R"({"variant": {"oja": 1}})")).code() == Code::E111);
  CHECK(error_when(json::parse(R"({"variant": [true]})")).code() == Code::E111);
  CHECK(error_when(json::parse(R"({"variant": ["oja"], "label": ["h"]})")).code() == Code::E111);
}

TEST_CASE("what a rule claims must fit together") {
  const Error reward = error_with_rule({{"signals", {"pre", "reward"}}});
  CHECK(reward.code() == Code::E111);
  CHECK(has(reward.text(), "expected locality \"modulator\" or wider, found \"synapse\""));
  CHECK(error_with_rule({{"signals", {"baseline"}}}).code() == Code::E111);
  const Error scope = error_with_rule({{"scope", "network"}, {"locality", "layer"}});
  CHECK(scope.code() == Code::E111);
  CHECK(has(scope.text(), "expected locality \"network\", found \"layer\""));
  CHECK(has(error_with_rule({{"id", "a b"}}).text(), "rule id 'a b'"));

  const Folder folder;
  json twice = good_manifest();
  twice["rules"].push_back(twice["rules"][0]);
  const Error same = error_of([&] { (void)read_manifest(folder.write("x.rule.json", twice)); });
  CHECK(has(same.text(), "rule 'good-hebb' is declared twice"));
  json fine = good_manifest();
  fine["rules"][0].merge_patch(
      {{"signals", {"pre", "reward"}}, {"locality", "modulator"}, {"supervision", "reward"}});
  CHECK_NOTHROW((void)read_manifest(folder.write("x.rule.json", fine)));
}

TEST_CASE("a manifest cannot be silent about the goal that its signals tell, nor claim another") {
  const Error silent = error_with_rule({{"signals", {"pre", "error"}}});
  CHECK(silent.code() == Code::E111);
  CHECK(has(silent.text(), "supervision of rule 'good-hebb'"));
  CHECK(has(silent.text(), "expected \"error\", by its signals {pre, error}, found \"none\""));
  CHECK(has(error_with_rule({{"signals", {"error", "target"}}, {"supervision", "error"}}).text(),
            "expected \"target\""));
  CHECK(has(error_with_rule({{"supervision", "reward"}}).text(), "expected \"none\""));
}

TEST_CASE("a rule of network scope asks for signals, it cannot declare them") {
  const json wide = {{"scope", "network"}, {"locality", "network"}, {"supervision", "error"}};
  CHECK(has(error_with_rule(wide).text(), "expected no signals: it asks the host"));
  json fine = good_manifest();
  fine["rules"][0].merge_patch(wide);
  fine["rules"][0]["signals"] = json::array();
  const Folder folder;
  CHECK_NOTHROW((void)read_manifest(folder.write("x.rule.json", fine)));
}

TEST_CASE("phases are read, and tell of the goal without a signal") {
  const Folder folder;
  json document = good_manifest();
  document["rules"][0].merge_patch(
      {{"phases", {{"type", "nudge"}, {"strength", "scale"}, {"symmetric", "signed"}}},
       {"dynamics", {"settling"}},
       {"supervision", "error"}});
  const RuleSpec nudged = read_manifest(folder.write("x.rule.json", document)).rules[0];
  REQUIRE(nudged.phases);
  CHECK(nudged.phases->type == PhasesSpec::Type::nudge);
  CHECK(nudged.phases->strength == "scale");
  CHECK(nudged.phases->symmetric == "signed");
  CHECK(nudged.dynamics == std::vector<Dynamics>{Dynamics::settling});
  document = good_manifest();
  document["rules"][0].merge_patch(
      {{"phases", {{"type", "contrast"}}}, {"dynamics", {"static"}}, {"supervision", "target"}});
  const RuleSpec contrasted = read_manifest(folder.write("x.rule.json", document)).rules[0];
  CHECK(contrasted.phases->type == PhasesSpec::Type::contrast);
  CHECK_FALSE(read_manifest(folder.write("x.rule.json", good_manifest())).rules[0].phases);
}

TEST_CASE("phases that nobody could show are refused") {
  const json nudge = {{"phases", {{"type", "nudge"}, {"strength", "scale"}}},
                      {"dynamics", {"settling"}},
                      {"supervision", "error"}};
  const auto refusal = [&](const json& patch) {
    json spoilt = nudge;
    spoilt.merge_patch(patch);
    const Error error = error_with_rule(spoilt);
    CHECK(error.code() == Code::E111);
    return error.text();
  };
  CHECK(has(refusal({{"grain", "trial"}}), "grain \"batch\""));
  CHECK(
      has(refusal({{"dynamics", {"settling", "static"}}}), "dynamics \"settling\" and no others"));
  CHECK(has(refusal({{"phases", {{"strength", "delay"}}}}), "a parameter of type number"));
  CHECK(has(refusal({{"phases", {{"symmetric", "scale"}}}}), "a parameter of type boolean"));
  CHECK(has(refusal({{"supervision", "none"}}),
            "expected \"error\", by its signals {pre, post} "
            "and phases"));
  CHECK(has(refusal({{"phases", {{"type", "contrast"}}}, {"dynamics", {"static"}}}),
            "with \"nudge\" alone"));
}
