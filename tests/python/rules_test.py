# SPDX-License-Identifier: Apache-2.0
"""Rules that are Python functions: they learn what the same rules in C++ learn, and what they do wrong
is named. Usage: rules_test.py TREE DELTAW"""
import contextlib
import json
import os
import shutil
import sys
import tempfile
import unittest
import warnings

from tree import PROGRAM

import deltaw
import numpy as np

ONE_LAYER = {"deltaw": 1, "name": "one-layer",
             "task": {"type": "digits", "split": {"limit_train": 400, "limit_test": 200}},
             "network": {"layers": [{"name": "input", "units": 64},
                                    {"name": "output", "units": 10, "activation": "sigmoid"}]},
             "training": {"epochs": 3, "batch": 20, "precision": "float64"},
             "optimizer": {"type": "sgd", "rate": 0.1},
             "rules": ["delta-rule"], "seeds": 2}


@deltaw.rule(signals=["pre", "error"], locality="neuron")
def delta(s, scale=1.0):
    """The delta rule, in one line."""
    return scale * s.error @ s.pre.T / s.columns


@deltaw.rule(signals=["pre", "post", "weights"])
def oja(s):
    y = np.asarray(s.post)
    return (y @ s.pre.T - (y * y).sum(axis=1, keepdims=True) * s.weights) / s.columns


class Rules(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(temporary.name)
        os.environ.update({"DELTAW": str(PROGRAM), "HOME": temporary.name})

    def learns_as(self, results, one, other, seeds=(1, 2)):
        for seed in seeds:
            theirs, ours = results.weights(one, seed), results.weights(other, seed)
            self.assertEqual(set(theirs), set(ours))
            for name in theirs:
                np.testing.assert_allclose(ours[name], theirs[name], rtol=0, atol=1e-12)

    def failure(self, function, signals=("pre", "post")):
        """What the run of a rule says that goes wrong."""
        made = deltaw.rule(signals=signals)(function)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            results = deltaw.compare(ONE_LAYER, rules=["delta-rule", made], seeds=1, overwrite=True)
        self.assertEqual([str(item.category) for item in caught], [str(RuntimeWarning)])
        self.assertEqual(results.runs.status["delta-rule", 1], "finished")
        self.assertEqual(results.runs.status[made.id, 1], "failed")
        return results.runs.error[made.id, 1]

    def test_a_function_learns_what_the_rule_in_cxx_learns(self):
        results = deltaw.compare(ONE_LAYER, rules=["delta-rule", delta])
        self.learns_as(results, "delta-rule", "python.delta")
        table = json.loads((results.path / "summary.json").read_text())
        self.assertEqual([rule["rule"] for rule in table["rules"]], ["delta-rule", "python.delta"])
        self.assertGreater(results.table.loc[("python.delta", "test_accuracy"), "median"], 0.7)
        self.assertIn({"python.delta": delta.version}.items(),
                      [{plugin["rule"]: plugin["version"]}.items() for plugin in results.provenance["plugins"]])
        self.assertRegex(delta.version, r"^0\.0\.0\+[0-9a-f]{12}$")

    def test_a_run_that_was_lost_is_made_again_to_the_same_bits_by_the_same_function(self):
        results = deltaw.compare(ONE_LAYER, rules=["delta-rule", delta])
        bits = {name: array.tobytes() for name, array in results.weights("python.delta", 2).items()}
        shutil.rmtree(results.path / "runs/python.delta/seed-2")

        @deltaw.rule(signals=["pre", "error"], locality="neuron")
        def other(s, scale=1.0):
            return 2 * s.error @ s.pre.T / s.columns
        other.id = delta.id
        with self.assertRaises(deltaw.Error) as caught:
            deltaw.resume(results.path, plugins=[other])
        self.assertEqual(caught.exception.code, "E604")
        results = deltaw.resume(results.path, plugins=[delta])
        self.assertEqual(bits, {name: array.tobytes()
                                for name, array in results.weights("python.delta", 2).items()})

    def test_weights_parameters_drives_and_float32(self):
        drive = [{"connections": ["hidden"], "rule": "hebbian", "parameters": {"variant": "oja"},
                  "optimizer": {"rate": 0.001}},
                 {"connections": ["output"], "rule": "python.delta", "parameters": {"scale": 2.0},
                  "optimizer": {"rate": 0.05}}]
        theirs = [drive[0], {**drive[1], "rule": "delta-rule", "parameters": {},
                             "optimizer": {"rate": 0.1}}]
        ours = [{**drive[0], "rule": "python.oja", "parameters": {}}, drive[1]]
        document = {**ONE_LAYER, "network": {"layers": [
            {"name": "input", "units": 64},
            {"name": "hidden", "units": 12, "activation": "relu", "bias": False},
            {"name": "output", "units": 10, "activation": "sigmoid"}]},
            "rules": [{"name": "cxx", "drive": theirs}, {"name": "python", "drive": ours}]}
        results = deltaw.compare(document, plugins=[delta, oja])
        self.learns_as(results, "cxx", "python")
        document["training"] = {**document["training"], "precision": "float32"}
        results = deltaw.compare(document, plugins=[delta, oja], overwrite=True, isolate=True)
        self.assertEqual(results.weights("python", 1)["input>hidden"].dtype, np.float32)
        self.assertEqual(set(results.runs.status), {"finished"})

    def test_bits_depend_on_neither_jobs_nor_repetition(self):
        bits = []
        for jobs in (1, 2):
            results = deltaw.compare(ONE_LAYER, rules=[delta], jobs=jobs, overwrite=True)
            bits.append({name: array.tobytes() for seed in (1, 2)
                         for name, array in results.weights("python.delta", seed).items()})
        self.assertEqual(bits[0], bits[1])

    def test_views_are_read_only_and_what_was_not_declared_is_not_shown(self):
        seen = {}

        def looks(s):
            seen.update(post=s.post, columns=s.columns, connection=s.connection, pre=s.pre.shape)
            with contextlib.suppress(ValueError):
                s.pre[0, 0] = 7
                seen["written"] = True
            return np.zeros((10, s.pre.shape[0]))
        deltaw.compare(ONE_LAYER, rules=[deltaw.rule(signals=["pre"])(looks)], seeds=1, jobs=1)
        self.assertEqual(seen["columns"], 20)
        self.assertIsNone(seen["post"])
        self.assertNotIn("written", seen)
        self.assertIn(seen["connection"], ("input>output", "output.bias"))

    def test_a_wrong_answer_costs_its_run_and_is_named(self):
        self.assertIn("python.lambda returned the shape (64, 10), expected (10, 64): outputs x inputs",
                      self.failure(lambda s: s.pre @ s.post.T))
        self.assertIn("expected numbers", self.failure(lambda s: np.full((10, s.pre.shape[0]), None)))
        self.assertIn("ZeroDivisionError", self.failure(lambda s: 1 // 0))
        self.assertIn("E304", self.failure(lambda s: np.full((10, s.pre.shape[0]), np.nan)))

    def test_wrong_declarations_are_named(self):
        for options, text in (({"signals": ["pree"]}, "did you mean 'pre'?"),
                              ({"signals": ["spikes.pre"]}, "signal 'spikes.pre'"),
                              ({"signals": ["pre"], "grain": "step"}, "grain 'step'"),
                              ({"signals": ["pre"], "locality": "network"}, "locality 'network'")):
            with self.assertRaisesRegex(ValueError, text.replace("?", r"\?")):
                deltaw.rule(**options)(lambda s: 0)
        with self.assertRaisesRegex(ValueError, "needs a default"):
            deltaw.rule(signals=["pre"])(lambda s, scale: 0)
        with self.assertRaises(deltaw.Error) as caught:
            deltaw.compare(ONE_LAYER, rules=[deltaw.rule(signals=["pre"])(
                lambda s: 0)], set={"rules.python.lambda.nothing": 1})
        self.assertTrue(caught.exception.code)

    def test_a_function_is_called_as_such(self):
        s = deltaw.Signals(pre=np.ones((3, 2)), error=np.ones((4, 2)), columns=2)
        np.testing.assert_array_equal(delta(s, scale=2.0), np.full((4, 3), 2.0))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
