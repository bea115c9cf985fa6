# SPDX-License-Identifier: Apache-2.0
"""`deltaw matrix`: each cell that says that it runs is run, as an experiment of its own.

usage: matrix_test.py DELTAW PLUGIN_FIXTURES [--sanitized]
"""
import json
import unittest

from case import DELTAW, Case

SHIPPED = DELTAW.parent.parent / "lib/deltaw/plugins/1"


class Matrix(Case):
    @classmethod
    def setUpClass(cls):
        cls.cells = None

    def matrix(self):
        if Matrix.cells is None:
            Matrix.cells = json.loads(self.deltaw("matrix", "--json").stdout_text)
        return {(c["rule"], c["dynamics"], c["task"]): c for c in Matrix.cells}

    def test_there_is_a_cell_for_every_rule_dynamics_and_task(self):
        rules = {rule["id"]: rule for manifest in SHIPPED.glob("*/*.rule.json")
                 for rule in json.loads(manifest.read_text())["rules"]}
        cells = self.matrix()
        self.assertEqual(len(cells), len(rules) * 4 * 7)
        for (rule, dynamics, _), cell in cells.items():
            self.assertNotEqual(cell["runs"], "missing" in cell)
            if cell["runs"]:
                self.assertIn(dynamics, rules[rule]["dynamics"])
        self.assertEqual(set(rules) - {rule for (rule, _, _), cell in cells.items() if cell["runs"]}, set())

    def test_what_is_missing_is_told(self):
        cells = self.matrix()
        for cell, missing in ((("miconi", "static", "classes"), "cannot drive a static network"),
                              (("delta-rule", "static", "features"), "needs error"),
                              (("backprop", "static", "features"), "no loss"),
                              (("bcm", "rate", "sine-sum"), "cannot drive a network with time"),
                              (("backprop", "settling", "classes"), "a network that settles"),
                              (("equilibrium-propagation", "static", "classes"),
                               "cannot drive a static network"),
                              (("forward-forward", "static", "features"), "no loss"),
                              (("bcm", "static", "sequences"), "its units have gates"),
                              (("backprop", "rate", "images"), "neither convolution nor gates")):
            self.assertIn(missing, cells[cell]["missing"])

    def test_each_cell_that_says_so_runs(self):
        for key, cell in self.matrix().items():
            if not cell["runs"]:
                continue
            with self.subTest(cell=key):
                self.write(cell["experiment"], "cell.json")
                [run] = json.loads(self.deltaw("run", "cell.json", "--json", "--quiet").stdout_text)
                self.assertEqual((run["status"], run["error"]), ("finished", ""))

    def test_the_table_shows_a_mark_for_each_and_the_reasons_once(self):
        text = self.deltaw("matrix").stdout_text
        self.assertIn("runs", text)
        self.assertEqual(text.count("\n[1] "), 1)
        self.assertIn("no rule, rate: classes, features (a data set needs a static network)", text)


if __name__ == "__main__":
    unittest.main(argv=[""])
