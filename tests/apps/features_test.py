# SPDX-License-Identifier: Apache-2.0
"""Features of digits: rules that no one tells a class, judged by the same readouts as backprop."""
import json

import numpy

from case import Case, main, read_json

LAYERS = [{"name": "input", "units": 64},
          {"name": "features", "units": 30, "bias": False}]
EXPERIMENT = {
    "deltaw": 1, "name": "features",
    "task": {"type": "digits"},
    "network": {"layers": LAYERS},
    "training": {"epochs": 20, "batch": 20, "loss": "none", "evaluate_every": 10},
    "features": {"layer": "features", "readouts": [
        {"name": "linear", "type": "softmax", "epochs": 40, "optimizer": {"rate": 0.01}},
        {"name": "vote", "type": "labels", "vote": 3}]},
    "rules": [
        {"name": "random", "rule": "random-features"},
        {"rule": "sanger", "optimizer": {"rate": 0.01}},
        {"name": "backprop", "rule": "backprop", "optimizer": {"rate": 0.1},
         "training": {"loss": "cross-entropy"},
         "network": {"layers": LAYERS + [{"name": "output", "units": 10,
                                          "activation": "softmax"}]}}],
    "seeds": 2,
}


class Features(Case):
    def compare(self, *options):
        return self.deltaw("compare", self.write(EXPERIMENT), "--out", "out", *options)

    def test_every_arm_is_judged_by_the_same_readouts(self):
        done = self.compare()
        lines = done.stdout_text.splitlines()
        self.assertRegex(lines[2], r"network's test +linear, test +vote, test +dead$")
        self.assertRegex(done.stdout_text, r"(?m)^beside random +accuracy of the readout 'linear' on test "
                                           r"data, points +p +pairs ahead +runs ahead +verdict$")
        self.assertRegex(done.stdout_text, r"(?m)^sanger +\+\d\.\d \[.*too few seeds: at least")
        self.assertIn("of the readout 'linear' on test data", done.stdout_text)
        self.assertRegex(done.stderr_text, r"\] sanger seed 2 finished: linear test accuracy 0\.\d{3}\n")
        summary = read_json(self.folder / "out/summary.json")
        self.assertEqual(summary["readouts"], ["linear", "vote"])
        found = {rule["rule"]: rule["metrics"] for rule in summary["rules"]}
        for rule, metrics in found.items():
            with self.subTest(rule):
                self.assertGreater(metrics["linear_test_accuracy"]["median"], 0.8)
                self.assertGreater(metrics["vote_test_accuracy"]["median"], 0.2)
                self.assertTrue(1 <= metrics["overlap"]["median"] <= 30)
                self.assertEqual("test_accuracy" in metrics, rule == "backprop")
        # Principal components hold more of the digits than random directions do.
        self.assertGreater(found["sanger"]["linear_test_accuracy"]["median"],
                           found["random"]["linear_test_accuracy"]["median"] + 0.01)

    def test_what_is_kept_of_a_run_opens_elsewhere(self):
        self.compare()
        run = self.folder / "out/runs/sanger/seed-1"
        found = read_json(run / "features.json")
        self.assertEqual((found["units"], len(found["alpha"]), len(found["labels"])), (30, 30, 30))
        self.assertEqual([sum(row) for row in found["per_class"]], found["alpha"])
        self.assertEqual([row["epoch"] for row in found["course"]], [0, 10, 20])
        readout, bias = (numpy.load(run / f"readout/linear{part}.npy") for part in ("", ".bias"))
        self.assertEqual((readout.shape, bias.shape), ((10, 30), (10, 1)))
        metrics = read_json(run / "run.json")["metrics"]
        self.assertAlmostEqual(found["readouts"]["linear"]["test"], metrics["linear_test_accuracy"],
                               places=4)
        confusion = numpy.load(run / "confusion.npy")
        self.assertAlmostEqual(numpy.trace(confusion) / confusion.sum(),
                               metrics["linear_test_accuracy"])

    def test_the_same_command_gives_the_same_bits(self):
        self.compare("--jobs", "1")
        first = self.bits()
        self.compare("--jobs", "2", "--overwrite")
        self.assertEqual(self.bits(), first)

    def bits(self):
        files = sorted((self.folder / "out/runs").rglob("*"))
        return {path: path.read_bytes() for path in files
                if path.suffix == ".npy" or path.name == "features.json"}

    def test_run_says_what_the_readouts_made_of_the_features(self):
        file = self.write(EXPERIMENT)
        out = self.deltaw("run", file, "--rules", "sanger").stdout_text
        self.assertRegex(out, r"sanger +1 readout linear +train +0\.\d{4} test +0\.\d{4}\n")
        self.assertRegex(out, r"sanger +1 selectivity +0\.\d{4} overlap +\d+\.\d{4}")
        runs = json.loads(self.deltaw("run", file, "--rules", "sanger", "--json").stdout_text)
        self.assertGreater(runs[0]["metrics"]["linear_test_accuracy"], 0.8)

    def test_a_misspelt_layer_is_named(self):
        features = {**EXPERIMENT["features"], "layer": "feature"}
        file = self.write({**EXPERIMENT, "features": features})
        self.refuse(2, "E510", "did you mean 'features'?", arguments=("compare", file))


if __name__ == "__main__":
    main()
