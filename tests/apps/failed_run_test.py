# SPDX-License-Identifier: Apache-2.0
"""Runs that diverge or whose rule gives up: counted as failed, said aloud, and the others kept."""
import csv

from case import Case, main, read_json

DIVERGING = {"name": "hasty", "rule": "hebbian", "optimizer": {"rate": 1e38}}
# Activity stays within [-1, 1] until a weight is infinite.
BOUNDED = {"layers": [{"name": "input", "units": 64},
                      {"name": "hidden", "units": 12, "activation": "tanh"},
                      {"name": "output", "units": 10, "activation": "sigmoid"}]}


class FailedRun(Case):
    def test_weights_that_are_no_longer_finite(self):
        file = self.experiment(rules=["backprop", DIVERGING], network=BOUNDED)
        for options in ([], ["--quiet"]):
            done = self.deltaw("compare", file, "--out", "out", "--overwrite", *options, status=4)
            self.assertRegex(done.stderr_text, r"hasty seed 1 failed: error\[E304\] weight \(\d+, "
                             r"\d+\) of connection '[^']+' into layer '(hidden|output)' became "
                             r"(-?nan|-?inf) by update \d+ \(epoch [12]\)\n  try: a lower learning rate")
            self.assertIn("hasty: 0 of 2 runs finished and count above; 2 failed, counted only as "
                          "never meeting the criterion", done.stdout_text)
        summary = read_json(self.folder / "out/summary.json")
        backprop, hasty = summary["rules"]
        self.assertEqual((backprop["runs"], backprop["failed"]), (2, 0))
        self.assertEqual((hasty["runs"], hasty["failed"]), (0, 2))
        self.assertEqual(list(hasty["metrics"]), ["epochs_to_criterion"])
        self.assertEqual(hasty["metrics"]["epochs_to_criterion"]["reached"], 0)
        self.assertEqual(backprop["metrics"]["test_accuracy"]["n"], 2)
        run = read_json(self.folder / "out/runs/hasty/seed-2/run.json")
        self.assertEqual(run["status"], "failed")
        self.assertTrue(run["error"].startswith("error[E304] "), run["error"])
        with open(self.folder / "out/metrics.csv") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["epoch"] for row in rows if row["rule"] == "hasty"], ["0", "0"])
        self.assertEqual(len([row for row in rows if row["rule"] == "backprop"]), 6)

    def test_the_other_arms_do_not_notice(self):
        self.deltaw("compare", self.experiment(), "--rules", "backprop", "--out", "alone")
        file = self.experiment(rules=[DIVERGING, "backprop"])
        self.deltaw("compare", file, "--out", "beside", status=4)
        for weights in sorted((self.folder / "alone/runs/backprop").rglob("*.npy")):
            other = self.folder / "beside" / weights.relative_to(self.folder / "alone")
            self.assertEqual(weights.read_bytes(), other.read_bytes())

    def test_activity_that_overflows_before_the_weights_do(self):
        file = self.experiment(rules=[{"name": "hasty", "rule": "backprop"}],
                               optimizer={"type": "sgd", "rate": 1e30})
        done = self.deltaw("compare", file, status=4)
        self.assertRegex(done.stderr_text, r"E304\] the activity of layer '(hidden|output)' is no "
                         r"longer finite after update 1 \(epoch 1\), though all weights are\n  try: ")
        self.assertIn("hasty: 0 of 2 runs finished and count above; 2 failed",
                      done.stdout_text)

    def test_run_says_why(self):
        done = self.deltaw("run", self.experiment(rules=[DIVERGING]), status=4)
        self.assertIn("hasty seed 1 failed: error[E304]", done.stderr_text)
        self.assertRegex(done.stdout_text, r"(?m)^hasty +1 +0 ")
        self.assertNotIn("inf", done.stdout_text)


if __name__ == "__main__":
    main()
