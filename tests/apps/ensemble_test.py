# SPDX-License-Identifier: Apache-2.0
"""`deltaw ensemble`: finished runs answer as they did, and what they answer together; what cannot be
combined is named."""
import json
import shutil

import numpy as np

from case import Case, main, read_json
from determinism_test import SPIKING
from trials_test import TRIALS

SHARED = {"type": "digits", "split": {"validation": 0.1, "seed": 5, "limit_train": 200}}
WIDE = [{"name": "input", "units": 64}, {"name": "hidden", "units": 20, "activation": "tanh"},
        {"name": "output", "units": 10, "activation": "softmax"}]


class Ensemble(Case):
    def trained(self, out, **changes):
        changes = {"task": SHARED, **changes}
        self.deltaw("compare", self.experiment(f"{out}.json", **changes), "--quiet",
                    "--out", out)
        return self.folder / out

    def found(self, *arguments, out="found"):
        said = self.deltaw("ensemble", *arguments, "--json", "--quiet", "--out", out).stdout_text
        self.assertEqual(json.loads(said), read_json(self.folder / out / "ensemble.json"))
        return json.loads(said)

    def probabilities(self, name, out="found"):
        return np.load(self.folder / out / "probabilities" / f"{name}.npy")

    def test_members_answer_as_their_runs_did_and_ensembles_are_their_means(self):
        self.trained("runs", rules=["backprop", "feedback-alignment",
                                    {"name": "double", "rule": "backprop",
                                     "training": {"precision": "float64"}}])
        groups = {"ab": "backprop,feedback-alignment", "ac": "backprop,double",
                  "bc": "feedback-alignment,double", "abc": "backprop,feedback-alignment,double"}
        options = [word for name, arms in groups.items() for word in ("--group", f"{name}={arms}")]
        found = self.found("runs", *options, "--seeds", "2,1")
        self.assertEqual(len(found["members"]), 6)
        labels = None
        for member in found["members"]:
            run = self.folder / "runs/runs" / member["rule"] / f"seed-{member['seed']}"
            counts = np.load(run / "confusion.npy")
            self.assertEqual(found["test"], counts.sum())
            self.assertAlmostEqual(member["test"]["accuracy"], np.trace(counts) / counts.sum())
            self.assertAlmostEqual(member["validation"],
                                   read_json(run / "run.json")["metrics"]["validation_accuracy"])
            classes = counts.sum(axis=1)
            self.assertTrue(labels is None or (labels == classes).all(), "one test part")
            labels = classes
        self.assertEqual(len(found["ensembles"]), 4 * 2 * 2)
        for seed in (1, 2):
            three = self.probabilities(f"abc@{seed}-average")
            two = [self.probabilities(f"{pair}@{seed}-average") for pair in ("ab", "ac", "bc")]
            np.testing.assert_allclose(three, sum(two) / 3, atol=1e-12)
            for combination in ("average", "stacking"):
                p = self.probabilities(f"abc@{seed}-{combination}")
                self.assertEqual(p.shape, (10, found["test"]))
                np.testing.assert_allclose(p.sum(axis=0), 1, atol=1e-6)
        # What a member alone says follows from the three pairs: its answers are those of its run.
        single = {"backprop": two[0] + two[1] - two[2], "feedback-alignment": two[0] + two[2] - two[1]}
        for arm, p in single.items():
            answers = np.bincount(p.argmax(axis=0), minlength=10)
            counts = np.load(self.folder / f"runs/runs/{arm}/seed-2/confusion.npy")
            self.assertEqual(list(answers), list(counts.sum(axis=0)))
        # Three groups of two: three pairs, for each of two seeds and two ways to combine.
        self.assertEqual(len(found["pairs"]), 3 * 2 * 2)
        for pair in found["pairs"]:
            self.assertAlmostEqual(pair["mean"] * found["test"], pair["only_first"] - pair["only_second"])
        self.assertTrue((self.folder / "found/report.html").exists())

    def test_it_says_where_it_comes_from_and_replaces_nothing_unasked(self):
        self.trained("runs")
        done = self.deltaw("ensemble", "runs", "--rules", "backprop", "--out", "found")
        self.assertIn("[2/2] backprop@2: test accuracy 0.", done.stderr_text)
        self.assertIn("backprop-stacking  2 ", done.stdout_text)
        self.assertIn("report: found/report.html", done.stdout_text)
        provenance = read_json(self.folder / "found/provenance.json")
        self.assertEqual(provenance["command"], "deltaw ensemble runs --rules backprop --out found")
        self.assertEqual(provenance["data"], read_json(self.folder / "runs/provenance.json")["data"])
        hashes = {member["weights"] for member in provenance["members"]}
        self.assertEqual(len(hashes), 2)
        before = self.files()
        self.refuse(2, "E601", "--overwrite", arguments=["ensemble", "runs", "--out", "found"])
        self.refuse(2, "E601", "other results", arguments=["ensemble", "runs", "--out", "runs", "--overwrite"])
        self.deltaw("ensemble", "runs", "--rules", "backprop", "--out", "found", "--overwrite", "--quiet")
        after = self.files()
        for name, content in before.items():
            if name.name not in ("provenance.json", "report.html"):
                self.assertEqual(after[name], content, name)

    def test_several_folders_and_several_seeds(self):
        self.trained("narrow")
        self.trained("wide", network={"layers": WIDE}, rules=["backprop"])
        found = self.found("narrow", "wide", "--combine", "average",
                           "--group", "widths=narrow:backprop,wide:backprop",
                           "--group", "seeds=narrow:backprop@1-2")
        self.assertEqual([ensemble["members"] for ensemble in found["ensembles"]],
                         [["narrow:backprop@1", "wide:backprop@1"],
                          ["narrow:backprop@2", "wide:backprop@2"],
                          ["narrow:backprop@1", "narrow:backprop@2"]])
        self.assertEqual(len(found["pairs"]), 2)

    def test_what_cannot_be_combined_is_named(self):
        ensemble = lambda *arguments: ["ensemble", *arguments, "--out", "never", "--quiet"]
        runs = self.trained("runs")
        self.refuse(2, "E002", "needs a folder", arguments=ensemble())
        self.refuse(2, "E603", "nowhere", arguments=ensemble("nowhere"))
        self.refuse(2, "E002", "named twice", arguments=ensemble("runs", "./runs"))
        self.refuse(2, "E002", "did you mean 'backprop'", arguments=ensemble("runs", "--rules", "bakprop"))
        self.refuse(2, "E002", "one member alone",
                    arguments=ensemble("runs", "--rules", "backprop", "--seeds", "1"))
        self.refuse(2, "E002", "no group", arguments=ensemble("runs", "--group", "backprop@1,backprop@2"))
        self.refuse(2, "E002", "the seed 'x'", arguments=ensemble("runs", "--group", "g=backprop@x"))
        self.refuse(2, "E002", "--combine", arguments=ensemble("runs", "--combine", "vote"))
        self.refuse(2, "E606", "seed 7", "--resume", arguments=ensemble("runs", "--seeds", "1,7"))
        # Each seed splits the digits anew, where nothing says otherwise.
        plain = {"type": "digits", "split": {"limit_train": 200}}
        self.trained("plain", task=plain)
        self.refuse(2, "E607", "other test samples", '"seed": 1',
                    arguments=ensemble("plain", "--rules", "backprop"))
        self.refuse(2, "E609", "no validation data", '"validation": 0.1',
                    arguments=ensemble("plain", "--combine", "both"))
        self.refuse(2, "E607", "other test samples",
                    arguments=ensemble("plain", "runs", "--group", "g=plain:backprop@1,runs:backprop@1"))
        self.trained("linear", training={"epochs": 1, "loss": "mse"},
                     network={"layers": [{"name": "input", "units": 64}, {"name": "output", "units": 10}]})
        self.refuse(2, "E608", "is linear", arguments=ensemble("linear"))
        self.trained("spiking", **{**SPIKING, "optimizer": None})
        self.refuse(2, "E608", "counts spikes", arguments=ensemble("spiking", "--seeds", "1-2"))
        self.deltaw("compare", self.write({**TRIALS, "rules": ["miconi"], "seeds": 1}, "trials.json"),
                    "--quiet", "--out", "trials")
        self.refuse(2, "E608", "a task in trials", arguments=ensemble("trials"))
        interrupted = runs / "runs/backprop/seed-1/run.json"
        interrupted.write_text(json.dumps({**read_json(interrupted), "status": "interrupted"}))
        self.refuse(2, "E606", "was interrupted", arguments=ensemble("runs"))
        weights = self.folder / "plain/runs/backprop/seed-1/weights/hidden>output.npy"
        shutil.copy(self.folder / "plain/runs/backprop/seed-2/weights/hidden>output.npy", weights)
        self.refuse(2, "E603", "do not answer as its run did", arguments=ensemble("plain"))
        shutil.copy(self.folder / "plain/runs/backprop/seed-1/weights/input>hidden.npy", weights)
        self.refuse(2, "E603", "do not fit the network", arguments=ensemble("plain"))
        provenance = self.folder / "plain/provenance.json"
        provenance.write_text(provenance.read_text().replace(
            read_json(provenance)["data"][0]["sha256"], "0" * 64))
        self.refuse(2, "E607", "other data than those at hand", "--data", arguments=ensemble("plain"))
        provenance = self.folder / "linear/provenance.json"
        provenance.write_text(provenance.read_text().replace('"data"', '"date"'))
        self.refuse(2, "E603", "which data", arguments=ensemble("linear"))


if __name__ == "__main__":
    main()
