# SPDX-License-Identifier: Apache-2.0
"""How local the rules that ship are: what their builds measured, and `deltaw check`.

usage: locality_test.py DELTAW PLUGIN_FIXTURES [--sanitized]
"""
import json
import unittest

from case import DELTAW, FIXTURES, Case

SHIPPED = DELTAW.parent.parent / "lib/deltaw/plugins/1"

# By the equations of the papers that each rule's README cites. BCM's threshold is the unit's own
# past; Oja's decay too. Sanger's sum, the winners of Krotov and Hopfield and the softmax of SoftHebb and the
# goodness of forward-forward need the other units of the layer; weight perturbation divides by the power of all its noise.
LOCALITY = {
    "backprop": "network", "feedback-alignment": "network", "interneuron-backprop": "network",
    "sign-symmetry": "network", "predictive-coding": "network",
    "sanger": "layer", "krotov-hopfield": "layer", "soft-hebb": "layer",
    "hebbian": "synapse", "bcm": "synapse", "intrator-cooper": "synapse",
    "supervised-bcm": "synapse", "delta-rule": "synapse", "random-features": "synapse",
    "e-prop": "synapse", "bengio-rate": "synapse", "bengio-stdp": "synapse", "stdp": "synapse",
    "triplet-stdp": "synapse", "diehl-cook": "synapse",
    "miconi": "modulator", "node-perturbation": "modulator", "weight-perturbation": "layer",
    "equilibrium-propagation": "synapse", "forward-forward": "layer",
    "exploratory-hebbian": "modulator", "reward-hebbian": "modulator", "reward-stdp": "modulator",
}


class Locality(Case):
    def test_every_shipped_rule_is_as_local_as_its_equation(self):
        measured = {}
        for manifest in sorted(SHIPPED.glob("*/*.rule.json")):
            for rule in json.loads(manifest.read_text())["rules"]:
                measured[rule["id"]] = rule["measured"]["locality"]
                self.assertEqual(rule["locality"], measured[rule["id"]], rule["id"])
        self.assertEqual(measured, LOCALITY)

    def test_check_prints_grade_and_evidence(self):
        text = self.deltaw("check", "sanger").stdout_text
        self.assertTrue(text.startswith("sanger 1.0.0: locality layer, as declared\n"), text)
        for part in ("told none, changes W after each batch", "static, float64", "of its target",
                     "not shown (NULL): potential", "ok  another instance", "ok  the clock",
                     "pass     reset",
                     "pass     case subspace"):
            self.assertIn(part, text)
        self.assertNotIn("reset", self.deltaw("check", "sanger", "--locality").stdout_text)

    def test_check_of_a_manifest_in_json(self):
        [found] = json.loads(self.deltaw("check", SHIPPED / "delta-rule/delta-rule.rule.json",
                                         "--json").stdout_text)
        self.assertEqual((found["rule"], found["measured"], found["verdict"]),
                         ("delta-rule", "synapse", "as declared"))
        self.assertEqual([e["changed"] for e in found["evidence"]], ["pre", "error"])
        self.assertTrue(all(e["own"] > 0 and e["elsewhere"] == 0 for e in found["evidence"]))
        self.assertTrue(all(f["holds"] for f in found["findings"]))

    def cheat(self, name):
        (self.folder / "cheat").mkdir(exist_ok=True)
        library = self.folder / "cheat" / f"{name}.so"
        library.write_bytes((FIXTURES / f"{name}.so").read_bytes())
        manifest = self.folder / "cheat" / f"{name}.rule.json"
        manifest.write_text(json.dumps({
            "schema": 1, "abi": "1.0", "library": library.name, "license": "Apache-2.0",
            "rules": [{"id": "cheat", "version": "1.0.0", "summary": "a fixture",
                       "signals": ["pre", "post"], "grain": "batch", "dynamics": ["static"],
                       "locality": "synapse", "supervision": "none", "dtypes": ["f64"],
                       "capabilities": ["deterministic"]}]}))
        return manifest

    def test_cheats_are_named_errors_with_the_evidence_above(self):
        for name, status, said, shown in (
                ("cheat_layer", 3, "error[E138] cheat: less local", "but synapse is declared: VIOLATED"),
                ("cheat_seconds", 3, "error[E139] cheat: the clock", "BROKEN  the clock"),
                ("cheat_global", 3, "error[E139] cheat: asked again", "BROKEN  another instance"),
                ("cheat_far", 5, "error[E140] cheat: crashed", "")):
            done = self.deltaw("check", self.cheat(name), status=status)
            self.assertIn(said, done.stderr_text)
            self.assertIn(shown, done.stdout_text)
            first = done.stdout_text.split("\n\n")[0]
            self.assertEqual("BREAKS THE CONTRACT" in first, "E139" in said, first)

    def test_a_manifest_that_claims_too_much_is_not_built(self):
        done = self.deltaw("manifest", self.cheat("cheat_row"), "--library",
                           FIXTURES / "cheat_row.so", status=3)
        self.assertIn("error[E138] cheat: less local than its manifest says", done.stderr_text)

    def test_what_is_missing_on_the_command_line_is_told(self):
        self.assertIn("error[E002] deltaw check needs a rule", self.deltaw("check", status=2).stderr_text)
        self.assertIn("did you mean 'sanger'", self.deltaw("check", "sangr", status=3).stderr_text)


if __name__ == "__main__":
    unittest.main(argv=[""])
