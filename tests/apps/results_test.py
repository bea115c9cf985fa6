# SPDX-License-Identifier: Apache-2.0
"""What a comparison writes: NumPy and pandas open it, machines find what they look for, and it says
where it comes from."""
import hashlib
import json
import lzma
import pathlib

import numpy
import pandas

from bad_spikes_test import SPIKES
from case import HEBBIAN_FEATURES, Case, main, read_json

MEASURED = {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
            "test_accuracy", "alignment"}


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class Results(Case):
    def compare(self, *options, **changes):
        done = self.deltaw("compare", self.experiment(**changes), "--out", "out", *options)
        self.out = self.folder / "out"
        return done

    def test_weights_and_confusion_open_in_numpy(self):
        for precision, letter in (("float32", "f4"), ("float64", "f8")):
            self.compare("--set", f"training.precision={precision}", "--overwrite")
            run = self.out / "runs/backprop/seed-1"
            shapes = {}
            for path in (run / "weights").iterdir():
                weights = numpy.load(path)
                self.assertEqual(weights.dtype, numpy.dtype("<" + letter))
                self.assertTrue(numpy.isfinite(weights).all())
                shapes[path.stem] = weights.shape
            self.assertEqual(shapes, {"input>hidden": (12, 64), "hidden.bias": (12, 1),
                                      "hidden>output": (10, 12), "output.bias": (10, 1)})
            confusion = numpy.load(run / "confusion.npy")
            self.assertEqual((confusion.shape, confusion.dtype), ((10, 10), numpy.dtype("<i8")))
            self.assertEqual(confusion.sum(), 100)
            accuracy = read_json(run / "run.json")["metrics"]["test_accuracy"]
            self.assertAlmostEqual(numpy.trace(confusion) / 100, accuracy)

    def test_weights_are_those_that_were_measured(self):
        self.compare("--set", "training.precision=float64", task={"type": "digits"})
        run = self.out / "runs/backprop/seed-2"
        weight = {path.stem: numpy.load(path) for path in (run / "weights").iterdir()}
        digits = pandas.read_csv(
            read_json(self.out / "provenance.json")["data"][0]["file"], header=None).to_numpy()
        hidden = weight["input>hidden"] @ (digits[:, :-1].T / 16) + weight["hidden.bias"]
        output = weight["hidden>output"] @ numpy.maximum(hidden, 0) + weight["output.bias"]
        right = (output.argmax(axis=0) == digits[:, -1]).sum()
        metrics = read_json(run / "run.json")["metrics"]
        tested = numpy.load(run / "confusion.npy").sum()
        self.assertAlmostEqual(right, metrics["test_accuracy"] * tested +
                               metrics["train_accuracy"] * (len(digits) - tested))
        self.assertGreater(right / len(digits), 0.5)

    def test_curves_open_in_pandas(self):
        self.compare(training={"epochs": 5, "batch": 50, "evaluate_every": 2})
        curves = pandas.read_csv(self.out / "metrics.csv")
        self.assertEqual(list(curves.columns[:5]), ["rule", "seed", "epoch", "updates", "seconds"])
        self.assertEqual(set(curves.columns[5:]), MEASURED)
        self.assertEqual(list(curves["epoch"]), [0, 2, 4, 5] * 4)
        self.assertEqual(list(curves["updates"]), [0, 8, 16, 20] * 4)
        self.assertEqual(list(curves["rule"].unique()), ["backprop", "feedback-alignment"])
        self.assertTrue(curves["validation_loss"].isna().all())
        self.assertTrue(curves["test_accuracy"].between(0, 1).all())
        for _, run in curves.groupby(["rule", "seed"]):
            self.assertTrue(run["seconds"].is_monotonic_increasing)

    def test_epochs_between_evaluations_are_not_needed(self):
        self.compare(training={"epochs": 2, "batch": 20, "evaluate_every": 50})
        curves = pandas.read_csv(self.out / "metrics.csv")
        self.assertEqual(list(curves["epoch"]), [0, 2] * 4)

    def test_a_batch_beyond_the_data_is_all_of_them(self):
        for batch in (200, 1000000):
            self.compare("--set", f"training.batch={batch}", "--overwrite")
            curves = pandas.read_csv(self.out / "metrics.csv").drop(columns="seconds")
            self.assertEqual(list(curves["updates"]), [0, 1, 2] * 4)
            if batch == 200:
                first = curves
        pandas.testing.assert_frame_equal(first, curves)

    def test_without_a_test_part_there_are_no_test_results(self):
        done = self.compare(task={"type": "digits", "split": {"train": 1, "limit_train": 100}})
        curves = pandas.read_csv(self.out / "metrics.csv")
        self.assertTrue(curves["test_accuracy"].isna().all())
        self.assertTrue(curves["train_accuracy"].notna().all())
        self.assertFalse((self.out / "runs/backprop/seed-1/confusion.npy").exists())
        self.assertRegex(done.stdout_text, r"(?m)^backprop +network +error +batch +[\d.]+ \[.*\] +- ")
        rule = read_json(self.out / "summary.json")["rules"][0]
        self.assertNotIn("test_accuracy", rule["metrics"])
        self.assertIn("train_accuracy", rule["metrics"])

    def test_a_validation_part_is_measured(self):
        self.compare(task={"type": "digits", "split": {"train": 0.1, "validation": 0.1}})
        curves = pandas.read_csv(self.out / "metrics.csv")
        self.assertTrue(curves["validation_accuracy"].between(0, 1).all())
        self.assertIn("validation_accuracy",
                      read_json(self.out / "summary.json")["rules"][0]["metrics"])

    def test_the_summary_says_what_machines_look_for(self):
        self.compare(rules=["backprop", HEBBIAN_FEATURES])
        summary = read_json(self.out / "summary.json")
        self.assertEqual(summary["seeds"], [1, 2])
        self.assertEqual(summary["reference"], "backprop")
        backprop, features = summary["rules"]
        self.assertEqual((backprop["rule"], backprop["runs"], backprop["locality"]),
                         ("backprop", 2, "network"))
        self.assertEqual(features["rule"], "features")
        for name in ("test_accuracy", "train_accuracy", "epochs_to_criterion", "seconds"):
            self.assertLessEqual({"median", "low", "high"}, set(backprop["metrics"][name]), name)
        runs = [read_json(self.out / f"runs/backprop/seed-{seed}/run.json")["metrics"]
                for seed in (1, 2)]
        self.assertAlmostEqual(backprop["metrics"]["test_accuracy"]["median"],
                               sum(run["test_accuracy"] for run in runs) / 2)
        self.assertIn("test_accuracy", features["versus_reference"])

    def test_local_and_network_rules_share_a_network(self):
        self.compare(rules=["backprop", HEBBIAN_FEATURES])
        hidden, readout = (numpy.load(self.out / f"runs/features/seed-1/weights/{name}.npy")
                           for name in ("input>hidden", "hidden>output"))
        other = numpy.load(self.out / "runs/backprop/seed-1/weights/input>hidden.npy")
        self.assertEqual((hidden.shape, readout.shape), ((12, 64), (10, 12)))
        self.assertFalse(numpy.array_equal(hidden, other))

    def test_provenance_names_files_of_spikes(self):
        spikes = self.folder / "spikes.csv"
        spikes.write_text("unit,ms\n3,10\n5,20\n")
        document = json.loads(json.dumps(SPIKES))
        document["network"]["layers"][0]["source"] = {"type": "spikes", "file": str(spikes)}
        document["network"]["connections"][0]["init"]["value"] = 100
        document["rules"] = ["stdp", {"name": "again", "rule": "stdp"}]
        self.deltaw("compare", self.write(document), "--out", "out")
        told = read_json(self.folder / "out/provenance.json")["data"]
        self.assertEqual(told[1:], [{"file": str(spikes), "sha256": sha256(spikes)}])

    def test_provenance_names_what_made_the_results(self):
        done = self.compare("--rules", "backprop,feedback-alignment")
        self.assertIn("report: out/report.html", done.stdout_text)
        told = read_json(self.out / "provenance.json")
        self.assertRegex(told["deltaw"], r"^\d+\.\d+\.\d+$")
        self.assertTrue(told["command"].startswith("deltaw compare "))
        self.assertIn("--rules backprop,feedback-alignment", told["command"])
        self.assertEqual({plugin["rule"] for plugin in told["plugins"]},
                         {"backprop", "feedback-alignment"})
        for plugin in told["plugins"]:
            self.assertEqual(plugin["sha256"], sha256(plugin["library"]))
            manifest = read_json(pathlib.Path(plugin["library"]).with_suffix(".rule.json"))
            self.assertEqual(plugin["sha256"], manifest["sha256"])
        self.assertEqual([file["sha256"] for file in told["data"]],
                         [sha256(file["file"]) for file in told["data"]])
        self.assertEqual(len(told["data"]), 1)
        self.assertGreaterEqual(told["host"]["cores"], 1)
        self.assertTrue(told["host"]["cpu"] and told["host"]["os"] and told["compiler"])
        self.assertLessEqual(told["started"], told["finished"])

    def test_the_resolved_experiment_states_every_default(self):
        self.compare()
        resolved = read_json(self.out / "experiment.json")
        self.assertEqual(resolved["seeds"], [1, 2])
        text = json.dumps(resolved)
        self.assertEqual(resolved["rules"][1]["drive"][0]["parameters"],
                         {"mode": "random", "scale": 1.0})
        for default in ("glorot-uniform", "float32", "stratified", "cross-entropy", "criterion"):
            self.assertIn(default, text)

    def test_colour_images_are_learnt_and_told_of(self):
        # Ten colours, one a class: each of the three planes is bright or dark by the label's bits.
        random = numpy.random.default_rng(1)
        for name, count in (("a.bin", 200), ("b.bin.xz", 50)):
            records = numpy.empty((count, 3073), numpy.uint8)
            records[:, 0] = numpy.arange(count) % 10
            for plane, unit in enumerate((1, 3, 9)):
                level = records[:, 0] // unit % 3
                records[:, 1 + 1024 * plane:1025 + 1024 * plane] = 100 * level[:, None]
            records[:, 1:] += random.integers(0, 50, (count, 3072), numpy.uint8)
            data = records.tobytes()
            (self.folder / name).write_bytes(lzma.compress(data) if name.endswith("xz") else data)
        network = {"layers": [{"name": "input", "units": 3072},
                              {"name": "output", "units": 10, "activation": "softmax"}]}
        task = {"type": "cifar", "files": ["a.bin"], "test_files": ["b.bin"]}
        self.compare("--data", ".", task=task, network=network, rules=["backprop"],
                     training={"epochs": 20, "batch": 20},
                     optimizer={"type": "adam", "rate": 0.001})
        summary = read_json(self.out / "summary.json")
        self.assertEqual(summary["image"], {"width": 32, "height": 32, "channels": 3})
        self.assertGreater(summary["rules"][0]["metrics"]["test_accuracy"]["median"], 0.9)
        resolved = read_json(self.out / "experiment.json")["task"]
        self.assertEqual((resolved["files"], resolved["test_files"]), (["a.bin"], ["b.bin"]))
        self.assertEqual([pathlib.Path(file["file"]).name
                          for file in read_json(self.out / "provenance.json")["data"]],
                         ["a.bin", "b.bin.xz"])

    def test_run_leaves_the_results_of_what_was_run(self):
        self.deltaw("run", self.experiment(), "--out", "out")
        resolved = read_json(self.folder / "out/experiment.json")
        self.assertEqual([rule["name"] for rule in resolved["rules"]], ["backprop"])
        self.assertEqual(resolved["seeds"], [1])
        summary = read_json(self.folder / "out/summary.json")
        self.assertEqual([rule["runs"] for rule in summary["rules"]], [1])
        self.assertTrue((self.folder / "out/report.html").exists())


if __name__ == "__main__":
    main()
