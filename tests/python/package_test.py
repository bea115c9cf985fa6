# SPDX-License-Identifier: Apache-2.0
"""The Python package: what it returns is what the program left. Usage: package_test.py TREE DELTAW"""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import tree
from tree import PROGRAM, ROOT

import deltaw
import numpy as np

SMALL = {"deltaw": 1, "name": "small", "task": {"type": "digits"},
         "network": {"layers": [{"name": "input", "units": 64},
                                {"name": "hidden", "units": 8, "activation": "relu"},
                                {"name": "output", "units": 10, "activation": "softmax"}]},
         "training": {"epochs": 2, "batch": 50, "loss": "cross-entropy"},
         "optimizer": {"type": "sgd", "rate": 0.1},
         "rules": ["backprop", "feedback-alignment"], "seeds": 2}


class Package(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        os.environ.update({"DELTAW": str(PROGRAM), "HOME": str(self.folder)})

    def test_frames_and_arrays_are_what_the_files_say(self):
        results = deltaw.compare(SMALL, seeds=[3, 5])
        self.assertEqual(results.path, pathlib.Path("results/small"))
        with open("results/small/metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(results.metrics), len(rows))
        for frame, row in zip(results.metrics.itertuples(), rows):
            self.assertEqual((frame.rule, frame.seed, frame.epoch),
                             (row["rule"], int(row["seed"]), int(row["epoch"])))
            self.assertEqual(frame.test_accuracy, float(row["test_accuracy"]))
        self.assertEqual(list(results.runs.index), [(rule, seed) for rule in SMALL["rules"]
                                                    for seed in (3, 5)])
        self.assertEqual(set(results.runs.status), {"finished"})
        final = results.metrics[(results.metrics.rule == "backprop") & (results.metrics.epoch == 2)]
        self.assertEqual(results.table.loc[("backprop", "test_accuracy"), "median"],
                         np.median(final.test_accuracy))
        weights = results.weights("backprop", 3)
        self.assertEqual(weights["input>hidden"].shape, (8, 64))
        raw = pathlib.Path("results/small/runs/backprop/seed-3/weights/input>hidden.npy").read_bytes()
        self.assertTrue(raw.endswith(weights["input>hidden"].tobytes(order="F")))
        confusion = results.confusion("backprop", 3)
        accuracy = np.trace(confusion) / confusion.sum()
        self.assertAlmostEqual(accuracy, results.runs.loc[("backprop", 3), "test_accuracy"], 12)
        self.assertTrue(results.report.is_file())
        again = deltaw.open("results/small")
        self.assertEqual(again.summary, results.summary)
        self.assertEqual(again.experiment["seeds"], [3, 5])

    def test_options_reach_the_program(self):
        results = deltaw.compare(SMALL, rules=["backprop"], seeds=[7], out="out", jobs=1,
                                 set={"training.epochs": 1, "optimizer.rate": 0.05}, isolate=True)
        self.assertEqual(list(results.runs.index), [("backprop", 7)])
        self.assertEqual(results.metrics.epoch.max(), 1)
        command = results.provenance["command"]
        self.assertIn("--isolate", command)
        self.assertEqual(results.experiment["rules"][0]["drive"][0]["optimizer"]["rate"], 0.05)

    def test_errors_are_exceptions_with_the_same_codes(self):
        with self.assertRaises(deltaw.Error) as caught:
            deltaw.compare(SMALL, rules=["bakprop"])
        self.assertEqual((caught.exception.code, caught.exception.exit_status), ("E101", 3))
        self.assertIn("'backprop'", str(caught.exception))
        results = deltaw.compare(SMALL, rules=["backprop"], seeds=1)
        self.assertEqual(deltaw.compare(SMALL, rules=["backprop"], seeds=1).summary, results.summary)
        with self.assertRaises(deltaw.Error) as caught:
            deltaw.compare(SMALL, rules=["backprop"], seeds=[3])
        self.assertEqual(caught.exception.code, "E604")
        with self.assertRaisesRegex(FileNotFoundError, "no results of deltaw"):
            deltaw.open(".")
        with self.assertRaisesRegex(KeyError, "there are: backprop 1"):
            deltaw.open("results/small").weights("backprop", 2)
        del os.environ["DELTAW"]
        with self.assertRaisesRegex(FileNotFoundError, "DELTAW"):
            os.environ["PATH"], path = "", os.environ["PATH"]
            try:
                deltaw.compare(SMALL)
            finally:
                os.environ["PATH"] = path

    def test_failed_runs_are_a_warning(self):
        hasty = {**SMALL, "optimizer": {"type": "sgd", "rate": 1e30}, "rules": ["backprop"]}
        with self.assertWarnsRegex(RuntimeWarning, "E304"):
            results = deltaw.compare(hasty)
        self.assertEqual(set(results.runs.status), {"failed"})
        self.assertIn("E304", results.runs.error.iloc[0])

    def test_ctrl_c_keeps_what_is_done_and_resume_goes_on(self):
        long = {**SMALL, "training": {**SMALL["training"], "epochs": 2000, "batch": 5},
                "rules": ["backprop"], "seeds": 1}
        pathlib.Path("long.json").write_text(json.dumps(long))
        script = ("import deltaw\ntry:\n    deltaw.compare('long.json', out='long')\n"
                  "except KeyboardInterrupt:\n    print('interrupted')\n")
        process = subprocess.Popen(
            [sys.executable, "-c", script], text=True, stdout=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        while not pathlib.Path("long/provenance.json").exists() and process.poll() is None:
            time.sleep(0.02)
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        self.assertEqual(process.communicate(timeout=120)[0], "interrupted\n")
        self.assertEqual(deltaw.open("long").runs.status.iloc[0], "interrupted")
        deltaw.resume("long", jobs=1)
        whole = deltaw.compare(long, out="whole", jobs=1)
        parts = deltaw.open("long")
        for name, weights in whole.weights("backprop", 1).items():
            np.testing.assert_array_equal(weights, parts.weights("backprop", 1)[name])

    @unittest.skipUnless(tree.has("pip") and tree.has("wheel"), "no python3-pip")
    def test_pip_installs_it_offline(self):
        shutil.copytree(ROOT / "python", "source")  # pip builds there
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation",
                               "--no-index", "--no-deps", "--target", "site", "./source"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        script = "import deltaw; print(deltaw.__file__, len(deltaw.compare('small.json').runs))"
        pathlib.Path("small.json").write_text(json.dumps(SMALL))
        said = subprocess.run([sys.executable, "-c", script], text=True, stdout=subprocess.PIPE,
                              env={**os.environ, "PYTHONPATH": "site"}, check=True).stdout
        self.assertEqual(said, f"{self.folder / 'site/deltaw/__init__.py'} 4\n")

    def test_the_page_s_examples_run(self):
        examples = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.S)
        for code, told in zip(examples, ("feedback-alignment", "0.9", "test_accuracy"), strict=True):
            if "sklearn" in code and not (tree.has("sklearn") and tree.has_host()):
                continue
            pathlib.Path("example.py").write_text(code.replace("experiments/", f"{ROOT}/experiments/"))
            done = subprocess.run([sys.executable, "example.py"], text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT,
                                  env={**os.environ, "PYTHONPATH": str(ROOT / "python")})
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(told, done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
