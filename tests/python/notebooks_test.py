# SPDX-License-Identifier: Apache-2.0
"""The example notebooks run from their first cell to their last, and show what they promise. Usage:
notebooks_test.py TREE DELTAW"""
import os
import tempfile
import unittest

import tree

tree.need(("nbclient", "python3-nbclient"), ("ipykernel", "python3-ipykernel"),
          ("matplotlib", "python3-matplotlib"), ("sklearn", "python3-sklearn"))
tree.need_host()

import nbformat
from nbclient import NotebookClient


def run(name, folder):
    """What each cell of code shows, by kind: text, or one name a picture."""
    notebook = nbformat.read(tree.ROOT / "python/examples" / name, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs"), "stored without outputs"
    client = NotebookClient(notebook, timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": folder}})
    client.execute()
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            shown.append("picture" if "image/png" in data else data.get("text/plain", output.get("text", "")))
    return shown


class Notebooks(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        os.environ.update({"DELTAW": str(tree.PROGRAM), "HOME": self.folder, "IPYTHONDIR": self.folder,
                           "PYTHONPATH": str(tree.ROOT / "python"),
                           "PYDEVD_DISABLE_FILE_VALIDATION": "1"})

    def test_rules_are_compared(self):
        table, curves, boxes, pairs, weights = run("compare-rules.ipynb", self.folder)
        self.assertIn("node-perturbation", table)
        self.assertEqual({curves, boxes, weights}, {"picture"})
        self.assertIn("verdict", pairs)
        self.assertRegex(pairs, "node-perturbation .* better")

    def test_a_rule_is_written(self):
        tried, difference, table, curves, search = run("write-a-rule.ipynb", self.folder)
        self.assertEqual("".join(tried.split()), "(array([[0.25,0.24]]),array([[0.5,0.5]]))")
        self.assertLess(float(difference.split(":")[1]), 1e-12)
        self.assertIn("python.signs", table)
        self.assertEqual(curves, "picture")
        self.assertRegex(search, r"'dead_zone': 0.\d}}, 0\.[89]")


if __name__ == "__main__":
    unittest.main(argv=tree.sys.argv[:1])
