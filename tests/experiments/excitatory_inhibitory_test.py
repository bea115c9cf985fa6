#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""experiments/dnms/ei.json, shortened: what its weights start as, that both ways keep Dale's law,
and that they part; and the recorded results state what their page says.
Usage: excitatory_inhibitory_test.py SOURCE_TREE DELTAW"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT, DELTAW = pathlib.Path(sys.argv.pop(1)).resolve(), sys.argv.pop(1)
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "experiments/dnms"))
import record_ei  # noqa: E402

UNITS, EXCITATORY = record_ei.UNITS, record_ei.EXCITATORY


class ShortRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = pathlib.Path(cls.folder.name, "out")
        subprocess.run(
            [DELTAW, "compare", ROOT / "experiments/dnms/ei.json", "--seeds", "1", "--quiet",
             "--out", cls.out, "--set", "training.trials=60", "--set", "training.warm_up=20"],
            check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def weights(self, arm, when):
        """By source: the weights onto every unit."""
        flat = record_ei.npy(self.out / f"runs/{arm}/seed-1/{when}/recurrent>recurrent.npy")
        self.assertEqual(len(flat), UNITS * UNITS)
        return [flat[source * UNITS:(source + 1) * UNITS] for source in range(UNITS)]

    def test_each_unit_starts_with_fifty_synapses_of_either_class(self):
        start = self.weights("projection", "initial")
        self.assertEqual(start, self.weights("reflection", "initial"))
        for target in range(UNITS):
            exciting = [row[target] for row in start[:EXCITATORY] if row[target] != 0]
            inhibiting = [row[target] for row in start[EXCITATORY:] if row[target] != 0]
            self.assertEqual((len(exciting), len(inhibiting)), (50, 50))
            self.assertTrue(all(abs(w - 0.15) < 1e-6 for w in exciting))
            self.assertTrue(all(abs(w + 0.18) < 1e-6 for w in inhibiting))

    def test_no_unit_both_excites_and_inhibits(self):
        for arm in ("projection", "reflection"):
            weights = self.weights(arm, "weights")
            self.assertNotEqual(weights, self.weights(arm, "initial"))
            self.assertGreaterEqual(min(min(row) for row in weights[:EXCITATORY]), 0)
            self.assertLessEqual(max(max(row) for row in weights[EXCITATORY:]), 0)

    def test_only_projection_leaves_weights_at_zero(self):
        def zeros(arm):
            return sum(w == 0 for row in self.weights(arm, "weights") for w in row)
        self.assertGreater(zeros("projection"), 2 * zeros("reflection"))


class Record(unittest.TestCase):
    def test_the_page_states_the_recorded_results(self):
        folder = ROOT / "experiments/dnms"
        page = (folder / "README.md").read_text()
        self.assertIn(record_ei.table(folder / "results/ei"), page)
        summary = json.loads((folder / "results/ei/summary.json").read_text())
        to_criterion = [rule["metrics"]["trials_to_criterion"] for rule in summary["rules"]]
        reached = (f"{arm['reached']} of {arm['runs']}" for arm in to_criterion)
        medians = (f"{arm['median']:,.0f}" for arm in to_criterion)
        self.assertIn(f"| runs that reached the criterion | {' | '.join(reached)} |", page)
        self.assertIn(f"median (Kaplan-Meier) | {' | '.join(medians)} |", page)
        provenance = json.loads((folder / "results/ei/provenance.json").read_text())
        self.assertTrue(provenance["command"].startswith("deltaw compare experiments/dnms/ei.json"))


if __name__ == "__main__":
    unittest.main()
