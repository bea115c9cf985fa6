#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The interneuron experiments as they are recorded: README.md says what results/ say, the rates are
those that the search found best, every arm had the same number of trials, and no seed of the search
is one of the comparison. Usage: interneuron_test.py experiments/interneuron"""
import collections
import csv
import json
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(sys.argv.pop(1)).resolve()
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import record  # noqa: E402
import tune  # noqa: E402


def load(path):
    return json.loads((HERE / path).read_text())


def rows_of(name):
    return list(csv.DictReader((HERE / name).read_text().splitlines()))


class Records(unittest.TestCase):
    def test_readme_says_what_the_results_say(self):
        done = subprocess.run([sys.executable, HERE / "tables.py", "--check"], text=True,
                              stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_verdict_gives_the_recorded_differences(self):
        text = (HERE / "README.md").read_text()
        def difference(result, arm):
            rules = {rule["rule"]: rule for rule in load(f"results/{result}/summary.json")["rules"]}
            return rules[arm]["versus_reference"]["epochs_to_criterion"]
        for size in tune.SIZES:
            mlp = difference(size, "mlp")
            self.assertLess(mlp["high"], 0)
            self.assertIn(f"{-mlp['median']:g} [{-mlp['high']:g}, {-mlp['low']:g}]", text)
        for result, arm in (("5-64", "nonnegative-mlp"), ("5-5", "nonnegative-mlp"),
                            ("centring", "centred-mlp")):
            found = difference(result, arm)
            self.assertIn(f"{found['median']:g} [{found['low']:g}, {found['high']:g}]", text)

    def test_rates_are_those_that_the_search_found_best(self):
        rows = rows_of("tuning.csv")
        for size in tune.SIZES:
            for arm in load(f"{size}.json")["rules"]:
                row = tune.best(rows, size, arm["name"])
                found = {"rate": arm["optimizer"]["rate"]}
                for kind in ("excitatory", "inhibitory"):
                    if f"rate_{kind}" in arm.get("parameters", {}):
                        found[kind] = arm["parameters"][f"rate_{kind}"]
                for layer in arm.get("network", {}).get("layers", []):
                    if isinstance(layer.get("activation"), dict):
                        found["threshold"] = layer["activation"]["threshold"]
                chosen = {key: float(row[key]) for key in
                          ("rate", "excitatory", "inhibitory", "threshold") if row[key]}
                self.assertEqual(found, chosen, (size, arm["name"]))

    def test_every_arm_had_the_same_budget(self):
        for name in tune.RANGES:
            trials = collections.Counter((row["size"], row["arm"]) for row in rows_of(name))
            self.assertEqual(len(trials), len(tune.SIZES) * len(tune.ARMS))
            self.assertEqual(set(trials.values()), {tune.TRIALS})

    def test_the_search_used_other_seeds(self):
        for size in tune.SIZES:
            self.assertFalse(set(load(f"results/{size}/summary.json")["seeds"]) & set(tune.SEEDS))

    def test_results_are_of_thirty_seeds_and_one_build(self):
        builds = set()
        for name in record.recordings():
            self.assertEqual(load(f"results/{name}/summary.json")["seeds"], list(range(1, 31)))
            origin = load(f"results/{name}/provenance.json")
            builds.update((p["rule"], p["sha256"]) for p in origin["plugins"])
        self.assertEqual(len(builds), len({rule for rule, _ in builds}))

    def test_the_best_trial_has_the_largest_area_and_of_equals_comes_first(self):
        rows = [{"size": "s", "arm": "a", "area": area, "trial": trial}
                for trial, area in enumerate(("0.5", "", "0.9", "0.9"))]
        self.assertEqual(tune.best(rows, "s", "a")["trial"], 2)

    def test_a_radical_inverse_mirrors_digits_at_the_point(self):
        self.assertEqual([tune.radical_inverse(i, 2) for i in (1, 2, 3, 6)], [.5, .25, .75, .375])
        self.assertAlmostEqual(tune.radical_inverse(5, 3), 2 / 3 + 1 / 9)  # 12 in base 3

    def test_a_silent_unit_is_one_that_no_image_wakes(self):
        weights = {"input>interneuron": [[0.5, 0.5]], "input>hidden1": [[1.0, 0.0], [0.0, 1.0]],
                   "interneuron>hidden1": [[-3.0], [-0.1]], "hidden1.bias": [[0.0], [0.0]],
                   "hidden1>hidden2": [[1.0, 1.0]], "interneuron>hidden2": [[0.0]],
                   "hidden2.bias": [[-1.0]]}
        found = dict(record.hidden_activity(weights, [1.0, 2.0]))
        self.assertEqual(found["hidden1"], [0.0, 2.0 - 0.15])
        self.assertAlmostEqual(found["hidden2"][0], 0.85)


if __name__ == "__main__":
    unittest.main()
