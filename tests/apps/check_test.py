# SPDX-License-Identifier: Apache-2.0
"""`deltaw check`: the conformance tests, as an author calls them."""
import json
import re

from case import Case, main


class Check(Case):
    def check(self, manifest, *options, status=0):
        done = self.deltaw("check", manifest, "--json", *options, status=status)
        [found] = json.loads(done.stdout_text)
        return found, done.stderr_text

    def test_a_good_rule_in_json(self):
        found, _ = self.check(self.cheat("cheat_none"))
        self.assertEqual((found["verdict"], found["seed"]), ("as declared", 1))
        tests = {test["name"]: test for test in found["tests"]}
        self.assertGreaterEqual(len(tests), 39)
        self.assertEqual(set(test["verdict"] for test in found["tests"]), {"pass", "skipped"})
        self.assertEqual(tests["nan"]["asks"], "signals that are NaN do no harm")

    def test_a_failure_is_told_with_how_to_see_it_again(self):
        done = self.deltaw("check", self.cheat("cheat_state"), "--seed", 5, status=3)
        self.assertIn("error[E139] cheat: damaged-state: it takes the first 0 of 8 bytes",
                      done.stderr_text)
        self.assertRegex(done.stdout_text, r"\n  failed   damaged-state +it takes the first 0 of 8")
        self.assertRegex(done.stdout_text, r"\n\d+ tests, \d+ pass, \d+ skipped, 1 failed\n"
                         r"again: deltaw check \S*cheat\S*json --only '\^damaged-state\$' --seed 5 --in-process\n$")

    def test_a_crash_costs_its_own_test_alone(self):
        found, said = self.check(self.cheat("cheat_large"), status=5)
        self.assertIn("error[E140] cheat: size-257x129: crashed (Aborted: static, float64)", said)
        self.assertEqual([test["name"] for test in found["tests"] if test["verdict"] == "crashed"],
                         ["size-257x129"])

    def test_only_what_is_asked_for(self):
        found, _ = self.check(self.cheat("cheat_none"), "--only", "^size-7|^reset$")
        self.assertEqual([test["name"] for test in found["tests"]], ["reset", "size-7x1"])
        self.assertNotIn("measured", found)
        found, _ = self.check(self.cheat("cheat_none"), "--only", "reset", "--in-process")
        self.assertEqual(found["tests"][0]["verdict"], "pass")
        found, said = self.check(self.cheat("cheat_hang"), "--only", "defaults", "--time-limit", 1,
                                 status=5)
        self.assertIn("error[E141] cheat: defaults: no answer within 1 s", said)

    def test_a_wrong_case_file_is_told(self):
        manifest = self.cheat("cheat_none")
        self.write({"deltaw_case": 1, "rule": "cheat", "cases": [{"name": "by hand", "updates": [{
            "signals": {"pre": [[1], [2]], "post": [[3]]}, "expected": [[3, -6]]}]}]},
            "cheat/cheat.case.json")
        _, said = self.check(manifest, "--only", "case", status=3)
        self.assertIn("error[E702] cheat: case by hand: float64: update 0, entry 1: expected -6, "
                      "found 6", said)
        self.write("{", "cheat/cheat.case.json")
        found, said = self.check(manifest, "--only", "case|defaults", status=3)
        self.assertIn("error[E700]", said)
        self.assertEqual([test["verdict"] for test in found["tests"]], ["pass", "failed"])

    def test_the_cases_of_another_implementation_hold_or_are_skipped(self):
        given = {"signals": {"pre": [[1], [2]], "post": [[3]]}, "expected": [[3, 6]]}
        wrong = {**given, "expected": [[-3, -6]]}
        self.write({"deltaw_case": 1, "rule": "someone.elses.hebb", "cases": [
            {"name": "by hand", "updates": [given]}, {"name": "wrong", "updates": [wrong]},
            {"name": "slow", "parameters": {"rate": 0.1}, "updates": [given]}]}, "others.case.json")
        found, said = self.check(self.cheat("cheat_none"), "--cases", "others.case.json", "--only", "of others",
                                 status=3)
        self.assertEqual([test["verdict"] for test in found["tests"]], ["pass", "failed", "skipped"])
        self.assertIn("'rate'", found["tests"][2]["detail"])
        self.assertEqual(found["cases"], ["others.case.json"])
        shown = self.deltaw("check", self.cheat("cheat_none"), "--cases", "others.case.json", status=3).stdout_text
        self.assertRegex(shown, r"again: deltaw check \S* --only '\^case wrong of others\\\.case\\\.json\$' .* --cases others.case.json")
        self.write({"deltaw_case": 1, "rule": "x", "cases": [
            {"name": "slow", "parameters": {"rate": 0.1}, "updates": [given]}]}, "none.case.json")
        _, said = self.check(self.cheat("cheat_none"), "--cases", "none.case.json", "--only", "cases of", status=3)
        self.assertIn("error[E701] no case of 'none.case.json' is one of this rule", said)
        manifest = self.cheat("cheat_none")
        self.refuse(3, "E700", "missing.case.json", arguments=["check", manifest, "--cases", "missing.case.json"])
        self.refuse(2, "E002", "--cases are tests", arguments=["check", manifest, "--cases", "others.case.json", "--locality"])

    def test_fuzzing_goes_on_for_as_long_as_is_asked(self):
        rounds = {}
        for minutes in (0.01, 0.06):
            found, _ = self.check(self.cheat("cheat_none"), "--only", "^fuzz$", "--fuzz", minutes)
            self.assertEqual(found["tests"][0]["verdict"], "pass")
            rounds[minutes] = int(re.search(r"([0-9]+) rounds", found["tests"][0]["detail"])[1])
        self.assertGreater(rounds[0.06], rounds[0.01])

    def test_an_unknown_key_is_a_warning(self):
        found, _ = self.check(self.cheat("cheat_none", equatoin="x"), "--only", "manifest")
        self.assertEqual(found["tests"][0]["verdict"], "warning")
        self.assertIn("did you mean 'equation'", found["tests"][0]["detail"])

    def test_wrong_options(self):
        manifest = self.cheat("cheat_none")
        for options, text in ((["--seed", "x"], "--seed x"), (["--time-limit", "0"], "1 to 3600"),
                              (["--fuzz", "-1"], "--fuzz -1"), (["--only", "["], "a regular expression"),
                              (["--only", "nothing"], "--only leaves no test"),
                              (["--in-process"], "--in-process --only NAME")):
            done = self.deltaw("check", manifest, *options, status=2)
            self.assertIn("error[E002]", done.stderr_text)
            self.assertIn(text, done.stderr_text)


if __name__ == "__main__":
    main()
