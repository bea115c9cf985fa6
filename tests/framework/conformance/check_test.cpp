// SPDX-License-Identifier: Apache-2.0
#include "conformance/check.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cheat.hpp"
#include "error_of.hpp"

using namespace deltaw;
using deltaw::test::manifest_of;
using nlohmann::json;

namespace {

json checked(const std::string& name, const json& change = json::object()) {
  const Manifest manifest = manifest_of(name, change);
  return check_rule(manifest, manifest.rules.front());
}

// The names of the findings that do not hold.
std::vector<std::string> broken(const json& found) {
  std::vector<std::string> names;
  for (const json& finding : found["findings"]) {
    if (finding["holds"] == false) names.push_back(finding["name"]);
  }
  return names;
}

json evidence(const json& found, const std::string& changed) {
  for (const json& entry : found["evidence"]) {
    if (entry["changed"] == changed) return entry;
  }
  return {};
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Hebb's rule is as local as can be, and keeps to the contract") {
  const json found = checked("cheat_none");
  CHECK(found["measured"] == "synapse");
  CHECK(found["verdict"] == "as declared");
  CHECK(broken(found) == Names());
  CHECK_FALSE(refusal(found));
  // dW = post pre^T: row k of post reaches the 5 synapses of unit k, row k of pre the 4 of its own;
  // 3 draws each. Where 33 units have 34 inputs 4 of each are changed, once.
  CHECK(evidence(found, "post")["times"] == 4 * 3 + 4);
  CHECK(evidence(found, "post")["own"] == 4 * 3 * 5 + 4 * 34);
  CHECK(evidence(found, "pre")["times"] == 5 * 3 + 4);
  CHECK(evidence(found, "pre")["own"] == 5 * 3 * 4 + 4 * 33);
  for (const char* signal : {"pre", "post"}) {
    CHECK(evidence(found, signal)["row"] == 0);
    CHECK(evidence(found, signal)["elsewhere"] == 0);
  }
}

TEST_CASE("a rule that claims less than it does is refused with where it was seen") {
  const json row = checked("cheat_row");
  CHECK(row["measured"] == "neuron");
  // pre of unit k enters the column of k, and that before it.
  CHECK(evidence(row, "pre")["own"] == 5 * 3 * 4 + 4 * 33);
  CHECK(evidence(row, "pre")["row"] == 5 * 3 * 4 + 4 * 33);
  const std::string text = refusal(row).value().text();
  CHECK(text.find("error[E138] cheat: less local than its manifest says") == 0);
  CHECK(text.find("expected locality synapse, found neuron: ΔW changes with pre beyond that "
                  "(defaults; static, float64: update 0, entry ") != std::string::npos);
  CHECK(broken(row) == Names());

  const json layer = checked("cheat_layer");
  CHECK(layer["measured"] == "layer");
  CHECK(evidence(layer, "post")["elsewhere"] == 4 * 3 * 5 + 4 * 34);
  CHECK(refusal(layer).value().code() == Code::E138);
  CHECK_FALSE(refusal(checked("cheat_layer", {{"locality", "layer"}})));

  const json signals = {{"signals", {"pre", "post", "weights"}}};
  const json weight = checked("cheat_weight", signals);
  CHECK(weight["measured"] == "neuron");
  CHECK(evidence(weight, "weights")["own"] == 0);
  CHECK(evidence(weight, "weights")["row"] == 20 * 3 + 4);
  const json column = checked("cheat_column", signals);
  CHECK(column["measured"] == "layer");
  CHECK(evidence(column, "weights")["row"] == 0);
  CHECK(evidence(column, "weights")["elsewhere"] == 20 * 3 + 4);
}

TEST_CASE("a scalar that is told to all makes a rule one with a modulator") {
  const json told = {
      {"signals", {"pre", "post", "reward"}}, {"supervision", "reward"}, {"locality", "neuron"}};
  const json found = checked("cheat_reward", told);
  CHECK(found["measured"] == "modulator");
  CHECK(found["verdict"] == "stricter");
  CHECK_FALSE(refusal(found));
}

TEST_CASE("a local rule that asks for the network's service is refused it, and that is told") {
  const json found = checked("cheat_service");
  CHECK(found["measured"] == "synapse");
  CHECK(broken(found) == Names());
  std::string told;
  for (const json& finding : found["findings"]) {
    if (finding["name"] == "services") told = finding["detail"];
  }
  CHECK(told == "asked for deltaw.network/1 and was refused");
}

TEST_CASE("a rule that is local only where little is shown is not local") {
  for (const char* fixture :
       {"cheat_many_units", "cheat_many_columns", "cheat_many_updates", "cheat_large_values"}) {
    CAPTURE(fixture);
    CHECK(checked(fixture)["measured"] == "layer");
  }
}

TEST_CASE("each way of looking where nothing is shown is caught by its own question") {
  const auto has = [](const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const struct {
    const char *fixture, *finding;
  } cheats[] = {{"cheat_global", "another instance"},
                {"cheat_after", "memory that is not shown"},
                {"cheat_before", "memory that is not shown"},
                {"cheat_write", "writing"},
                {"cheat_write_pre", "writing"},
                {"cheat_random", "asked again"},
                {"cheat_process", "another process"},
                {"cheat_seconds", "the clock"},
                {"cheat_nanoseconds", "the clock"}};
  for (const auto& cheat : cheats) {
    CAPTURE(cheat.fixture);
    const json found = checked(cheat.fixture);
    const Names names = broken(found);
    CAPTURE(json(names).dump());
    CHECK(has(names, cheat.finding));
    const std::optional<Error> refused = refusal(found);
    REQUIRE(refused);
    CHECK(refused->code() == Code::E139);
  }
  CHECK(broken(checked("cheat_seconds")) == Names{"the clock"});
  CHECK(broken(checked("cheat_after")) == Names{"memory that is not shown"});
  CHECK(broken(checked("cheat_process")) == Names{"another process", "the clock"});
}

TEST_CASE("a rule that crashes or ends its process takes nothing with it") {
  const auto error = [](const char* fixture) { return error_of([&] { (void)checked(fixture); }); };
  const Error crash = error("cheat_far");
  CHECK(crash.code() == Code::E140);
  CHECK(crash.text().find("crashed (Segmentation fault: defaults; static, float64)") !=
        std::string::npos);
  const Error end = error("cheat_exit");
  CHECK(end.code() == Code::E142);
  CHECK(end.text().find("ended the process with status 3") != std::string::npos);
}

TEST_CASE("nothing is proved by the bits of a rule that claims no determinism") {
  Manifest manifest = manifest_of("cheat_none");
  const json found = json{{"rule", "cheat"},
                          {"measured", nullptr},
                          {"verdict", "not measured"},
                          {"findings", {{{"name", "asked again"}, {"holds", false}}}}};
  CHECK_FALSE(refusal(found));
}
