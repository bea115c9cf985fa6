# SPDX-License-Identifier: Apache-2.0
"""The host in this process: it learns what the program learns, to the bit, from arrays that are not
copied; what is wrong with one is named. Usage: native_test.py TREE DELTAW"""
import ctypes
import os
import resource
import signal
import tempfile
import threading
import unittest

import tree

tree.need_host()

import deltaw
import numpy as np
from deltaw import native
from digits import LABELS, TASK, experiment, inputs


@deltaw.rule(signals=["pre", "error"], locality="neuron")
def delta(s):
    return s.error @ s.pre.T / s.columns


class Native(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(temporary.name)
        os.environ.update({"DELTAW": str(tree.PROGRAM), "HOME": temporary.name})

    def refused(self, code, *arguments, document=None, **options):
        with self.assertRaises(deltaw.Error) as caught:
            native.train(document or experiment(), *arguments, **{"classes": 10, **options})
        self.assertEqual(caught.exception.code, code, caught.exception)
        return str(caught.exception)

    def test_it_learns_what_the_program_learns_to_the_bit(self):
        # The program would look for wider kernels than those that OpenBLAS took in this process.
        blas = ctypes.CDLL("libopenblas.so.0")
        blas.openblas_get_corename.restype = ctypes.c_char_p
        os.environ["OPENBLAS_CORETYPE"] = blas.openblas_get_corename().decode()
        self.addCleanup(os.environ.pop, "OPENBLAS_CORETYPE")
        exploration = {"deviation": 0.01}
        for document in (experiment(), experiment("feedback-alignment", precision="float64",
                                                  optimizer=("adam", 0.01)),
                         experiment("node-perturbation", exploration=exploration)):
            precision = document["training"]["precision"]
            whole = {**document, "task": TASK, "criterion": {"metric": "train_accuracy", "at_least": 1}}
            theirs = deltaw.compare(whole, seeds=[3], overwrite=True).weights(document["rules"][0], 3)
            ours = native.train(document, inputs(precision), LABELS, classes=10, seed=3)
            self.assertEqual(set(ours.weights), set(theirs))
            for name, weights in theirs.items():
                np.testing.assert_array_equal(ours.weights[name], weights, name)
                self.assertEqual(ours.weights[name].dtype, precision)
            self.assertEqual((ours.epochs, ours.updates), (2, 2 * -(-len(LABELS) // 32)))

    def test_its_answers_are_those_of_the_weights(self):
        x = inputs("float64")
        trained = native.train(experiment(precision="float64"), x, LABELS, classes=10)
        w = trained.weights
        hidden = np.maximum(x @ w["input>hidden1"].T + w["hidden1.bias"].T, 0)
        exponents = np.exp(hidden @ w["hidden1>output"].T + w["output.bias"].T)
        document = experiment(precision="float64")
        np.testing.assert_allclose(native.activity(document, w, x, layer="hidden1"), hidden, rtol=1e-12)
        answers = native.activity(document, w, x)
        np.testing.assert_allclose(answers, exponents / exponents.sum(1, keepdims=True), rtol=1e-12)
        self.assertTrue(answers.flags.c_contiguous)
        self.assertGreater((answers.argmax(1) == LABELS).mean(), 0.7)

    def test_inputs_are_not_copied(self):
        x = np.ones((400_000, 64), np.float32)
        x.flags.writeable = False
        document = {**experiment("sanger", loss="none", hidden=0, epochs=1),
                    "optimizer": {"type": "sgd", "rate": 1e-9}}
        document["training"]["batch"] = 10_000
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        native.train(document, x)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.assertLess(1024 * grown, x.nbytes / 2)

    def test_a_function_learns_what_the_rule_in_cxx_learns_so_the_lock_is_released(self):
        # The function runs on another thread of this process while train() has not returned.
        x, documents = inputs("float64"), [experiment(rule, precision="float64", hidden=0)
                                           for rule in ("delta-rule", "python.delta")]
        theirs = native.train(documents[0], x, LABELS, classes=10).weights
        ours = native.train(documents[1], x, LABELS, classes=10, plugins=[delta]).weights
        for name in theirs:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=0, atol=1e-12)

    def test_threads_get_the_bits_of_one_after_another(self):
        x, found = inputs(), {}

        def learn(seed):
            found[seed] = native.train(experiment(), x, LABELS, classes=10, seed=seed).weights
        threads = [threading.Thread(target=learn, args=(seed,)) for seed in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for seed, weights in found.items():
            alone = native.train(experiment(), x, LABELS, classes=10, seed=seed).weights
            for name in alone:
                np.testing.assert_array_equal(weights[name], alone[name])
        self.assertFalse(np.array_equal(found[1]["input>hidden1"], found[2]["input>hidden1"]))

    def test_ctrl_c_ends_it(self):
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            native.train(experiment(epochs=1_000_000), inputs(), LABELS, classes=10)
        timer.join()

    def test_arrays_that_the_host_cannot_use_are_named(self):
        x, y = inputs(), LABELS
        double = np.zeros((4, 64))
        unaligned = np.frombuffer(bytes(2 * 64 * 4 + 1), np.uint8)[1:].view(np.float32).reshape(2, 64)
        for wrong, text in ((x.tolist(), "expected a NumPy array, found list"),
                            (x.astype(object), "found object"), (x.astype(np.int64), "found int64"),
                            (x.astype(">f4"), "found >f4"), (x.astype(np.float16), "found float16"),
                            (double, "expected float32, found float64"), (x[0], "shape (64,)"),
                            (np.asfortranarray(x), "found Fortran's order"), (x[:, ::-1], "gaps"),
                            (x[::2, :32], "gaps"), (unaligned, "aligned")):
            self.assertIn(text, self.refused("E402", wrong, y))
        for wrong, text in ((y.tolist(), "found list"), (y.astype(np.int64), "found int64"),
                            (y[::2], "gaps"), (y.reshape(-1, 1), "1 dimensions")):
            self.assertIn("labels", self.refused("E402", x, wrong))
            self.assertIn(text, self.refused("E402", x, wrong))
        self.assertIn("1797 labels", self.refused("E205", x, y[:-1]))
        self.assertIn("0 to 9", self.refused("E403", x, y + 1))
        self.assertIn("64", self.refused("E205", np.ascontiguousarray(x[:, 1:]), y))
        self.refused("E404", x[:0], y[:0])
        broken = x.copy()
        broken[7, 3] = np.nan
        self.assertIn("row 7", self.refused("E403", broken, y))
        self.refused("E402", x)

    def test_experiments_that_are_none_are_named(self):
        x, y, document = inputs(), LABELS, experiment()
        self.refused("E502", x, y, document={**document, "task": TASK})
        self.refused("E503", x, y, document={**document, "rules": ["backprop", "feedback-alignment"]})
        self.assertIn("'backprop'", self.refused("E101", x, y, document=experiment("bakprop")))
        hasty = experiment(optimizer=("sgd", 1e30))
        self.refused("E304", x, y, document=hasty)
        weights = native.train(document, x, y, classes=10).weights
        for wrong, code in (({**weights, "input>hidden1": weights["input>hidden1"].T}, "E402"),
                            ({**weights, "output.bias": np.zeros((9, 1), np.float32, "F")}, "E205"),
                            ({"output.bias": weights["output.bias"]}, "E603")):
            with self.assertRaises(deltaw.Error) as caught:
                native.activity(document, wrong, x)
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(deltaw.Error) as caught:
            native.activity(document, weights, x, layer="hiden1")
        self.assertEqual(caught.exception.code, "E510")
        self.assertIn("'hidden1'", str(caught.exception))

    def test_a_program_without_the_host_says_what_is_missing(self):
        with self.assertRaisesRegex(FileNotFoundError, "pybind11-dev"):
            native.train(experiment(), inputs(), LABELS, classes=10, program="/usr/bin/true")


if __name__ == "__main__":
    unittest.main(argv=tree.sys.argv[:1])
