// SPDX-License-Identifier: Apache-2.0
#include "experiment/drives.hpp"

#include "small.hpp"

using namespace deltaw;
using namespace deltaw::test;

namespace {

using Names = std::vector<std::string>;

json drive(json connections, const char* rule) {
  return {{"connections", std::move(connections)}, {"rule", rule}};
}

json driven(json drives) {
  json document = small();
  document["rules"] = {{{"name", "arm"}, {"drive", std::move(drives)}}};
  return document;
}

}  // namespace

TEST_CASE("a layer's name means what leads into it, and an exact name one connection") {
  const auto drives = load(driven({drive({"hidden1"}, "a"), drive({"hidden1>hidden2"}, "b"),
                                   drive({"hidden2.bias", "output"}, "c")}))
                          .arms[0]
                          .drives;
  REQUIRE(drives.size() == 3);
  CHECK(drives[0].rule == "a");
  CHECK(drives[0].connections == Names{"input>hidden1", "hidden1.bias"});
  CHECK(drives[1].connections == Names{"hidden1>hidden2"});
  CHECK(drives[2].connections == Names{"hidden2>output", "hidden2.bias", "output.bias"});
}

TEST_CASE("a star takes what no other entry names, wherever it stands") {
  const auto drives =
      load(driven({drive({"*"}, "rest"), drive({"output"}, "readout")})).arms[0].drives;
  CHECK(drives[0].connections ==
        Names{"input>hidden1", "hidden1>hidden2", "hidden1.bias", "hidden2.bias"});
  CHECK(drives[1].connections == Names{"hidden2>output", "output.bias"});
}

TEST_CASE("a layer's name leaves out what is not plastic") {
  json document = driven({drive({"hidden1"}, "a"), drive({"*"}, "b")});
  document["network"]["layers"][1]["bias"] = {{"plastic", false}};
  CHECK(load(document).arms[0].drives[0].connections == Names{"input>hidden1"});
}

TEST_CASE("parameters keep their types") {
  json entry = drive({"*"}, "a");
  entry["parameters"] = {{"f", 1.0}, {"i", -3}, {"b", true}, {"s", "x"}};
  const RuleParameters parameters = load(driven({entry})).arms[0].drives[0].parameters;
  CHECK(std::get<double>(parameters.at("f")) == 1.0);
  CHECK(std::get<std::int64_t>(parameters.at("i")) == -3);
  CHECK(std::get<bool>(parameters.at("b")));
  CHECK(std::get<std::string>(parameters.at("s")) == "x");
  entry["parameters"] = {{"i", 18446744073709551615u}};
  CHECK_HAS(refusal(Code::E503, driven({entry})),
            "/rules/0/drive/0/parameters/i is too large for an integer");
  entry["parameters"] = {{"i", json::array()}};
  CHECK_HAS(refusal(Code::E503, driven({entry})), "/rules/0/drive/0/parameters/i");
}

TEST_CASE("a plastic connection without a rule is an error") {
  CHECK_HAS(refusal(Code::E513, driven({drive({"hidden1", "hidden2"}, "a")})),
            "/rules/0 has no rule for the plastic connection 'hidden2>output'");
}

TEST_CASE("a plastic connection with two rules is an error") {
  CHECK_HAS(refusal(Code::E513, driven({drive({"hidden1"}, "a"), drive({"input>hidden1"}, "b"),
                                        drive({"*"}, "c")})),
            "/rules/0 has two rules for the connection 'input>hidden1'\n"
            "  found /drive/0 ('a') and /drive/1 ('b')");
  CHECK_HAS(refusal(Code::E513, driven({drive({"*"}, "a"), drive({"*"}, "b")})),
            "has two drives of \"*\"");
  CHECK_NOTHROW((void)load(driven({drive({"hidden1", "input>hidden1", "*"}, "a")})));
}

TEST_CASE("an unknown connection is an error with the nearest name") {
  CHECK_HAS(refusal(Code::E510, driven({drive({"input>hiden1"}, "a")})),
            "/rules/0/drive/0/connections/0 names no connection or layer: 'input>hiden1'\n"
            "  try: did you mean 'input>hidden1'?");
}

TEST_CASE("a drive of nothing plastic is an error") {
  CHECK_HAS(refusal(Code::E503, driven({drive({"input"}, "a"), drive({"*"}, "b")})),
            "/rules/0/drive/0 drives no plastic connection");
  json document = driven({drive({"hidden1.bias"}, "a"), drive({"*"}, "b")});
  document["network"]["layers"][1]["bias"] = {{"plastic", false}};
  CHECK_HAS(refusal(Code::E503, document), "names 'hidden1.bias', which is not plastic");
}

TEST_CASE("an arm has a rule or a drive, not both and not neither") {
  const auto arm = [](json value) { return [value](json& d) { d["rules"][0] = value; }; };
  CHECK_HAS(refusal(Code::E503, arm({{"name", "x"}})),
            "/rules/0 has neither \"rule\" nor \"drive\"");
  json both = {{"rule", "x"}, {"drive", {drive({"*"}, "a")}}};
  CHECK_HAS(refusal(Code::E503, arm(both)), "/rules/0 has both \"rule\" and \"drive\"");
  both.erase("rule");
  both["name"] = "x";
  both["parameters"] = json::object();
  CHECK_HAS(refusal(Code::E503, arm(both)), "has both \"parameters\" and \"drive\"");
}

TEST_CASE("rules may take turns: a star takes what no other drives at the same time") {
  const auto at = [](json entry, std::size_t from, std::size_t until) {
    entry["epochs"] = {from, until};
    return entry;
  };
  const json turns =
      driven({at(drive({"hidden1"}, "first"), 0, 1), at(drive({"hidden2"}, "second"), 1, 2),
              at(drive({"*"}, "last"), 2, 3)});
  const auto drives = load(turns).arms[0].drives;
  CHECK(drives[0].connections == Names{"input>hidden1", "hidden1.bias"});
  CHECK(drives[1].connections == Names{"hidden1>hidden2", "hidden2.bias"});
  CHECK(drives[2].connections.size() == 6);
  CHECK(drives[1].epochs.from == 1);
  CHECK(drives[1].epochs.until == 2);
  const json overlapping = driven({at(drive({"hidden1"}, "a"), 0, 2), at(drive({"*"}, "b"), 1, 3)});
  CHECK(load(overlapping).arms[0].drives[1].connections.size() == 4);
  CHECK_NOTHROW((void)load(driven({at(drive({"*"}, "a"), 0, 1), at(drive({"*"}, "b"), 1, 3)})));
}

TEST_CASE("two rules at a time, and epochs that there are not, are errors") {
  const auto at = [](json entry, std::int64_t from, std::int64_t until) {
    entry["epochs"] = {from, until};
    return entry;
  };
  CHECK_HAS(refusal(Code::E513, driven({at(drive({"hidden1"}, "a"), 0, 2),
                                        at(drive({"hidden1"}, "b"), 1, 3), drive({"*"}, "c")})),
            "has two rules for the connection 'input>hidden1'\n  found /drive/0 ('a') and /drive/1 "
            "('b')\n  try: name it in one of them, or in \"epochs\" of their own");
  CHECK_HAS(refusal(Code::E513, driven({at(drive({"*"}, "a"), 0, 2), drive({"*"}, "b")})),
            "has two drives of \"*\"");
  CHECK_HAS(refusal(Code::E503, driven({at(drive({"*"}, "a"), 2, 2)})),
            "/rules/0/drive/0/epochs are none, or beyond those of the training\n  expected [from, "
            "until], from below until, until at most 3, found [2, 2]");
  CHECK_HAS(refusal(Code::E503, driven({at(drive({"*"}, "a"), 0, 4)})), "found [0, 4]");
  CHECK_HAS(refusal(Code::E503, driven({at(drive({"*"}, "a"), -1, 2)})), "/epochs/0");
  json document = small_in_trials();
  document["rules"] = {{{"name", "arm"}, {"drive", {at(drive({"*"}, "a"), 0, 1)}}}};
  CHECK_HAS(refusal(Code::E502, document), "/rules/0/drive/0/epochs are of tasks with data");
}
