# SPDX-License-Identifier: Apache-2.0
"""What the tests of the program share: a folder of their own, a small experiment, and deltaw run in
it as a user would.

usage of each test: NAME_test.py DELTAW PLUGIN_FIXTURES [--sanitized]
"""
import copy
import csv
import fcntl
import json
import os
import pathlib
import pty
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

DELTAW, FIXTURES = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
IS_SANITIZED = "--sanitized" in sys.argv

# 1797 digits, of which little is used: a run takes some milliseconds.
SMALL = {
    "deltaw": 1, "name": "small",
    "task": {"type": "digits", "split": {"limit_train": 200, "limit_test": 100}},
    "network": {"layers": [{"name": "input", "units": 64},
                           {"name": "hidden", "units": 12, "activation": "relu"},
                           {"name": "output", "units": 10, "activation": "softmax"}]},
    "training": {"epochs": 2, "batch": 20},
    "optimizer": {"type": "sgd", "rate": 0.1},
    "rules": ["backprop", "feedback-alignment"],
    "seeds": 2,
}

# A local rule that drives the hidden layer, beside a readout.
HEBBIAN_FEATURES = {
    "name": "features",
    "network": {"layers": [{"name": "input", "units": 64},
                           {"name": "hidden", "units": 12, "activation": "relu", "bias": False},
                           {"name": "output", "units": 10, "activation": "softmax"}]},
    "drive": [{"connections": ["hidden"], "rule": "hebbian", "parameters": {"variant": "oja"},
               "optimizer": {"rate": 0.001}},
              {"connections": ["output"], "rule": "backprop"}],
}

GOOD_HEBB = {
    "id": "good-hebb", "version": "1.0.0", "summary": "plain Hebb", "signals": ["pre", "post"],
    "grain": "batch", "dynamics": ["static"], "locality": "synapse", "supervision": "none",
    "dtypes": ["f32", "f64"], "capabilities": ["concurrent", "deterministic"],
    "parameters": [{"name": "scale", "type": "number", "default": 1.0, "minimum": 0,
                    "exclusive_minimum": True}],
}

# Nothing that a program says may look like this.
NEVER = ("Traceback", "terminate called", "Sanitizer", "runtime error:", "core dumped", "E001")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name).resolve()
        kept = {name: value for name, value in os.environ.items()
                if name == "PATH" or name.endswith("SAN_OPTIONS")}
        self.environment = {**kept, "HOME": str(self.folder), "DELTAW_DATA": ""}

    def tearDown(self):
        left = [path for path in self.folder.rglob("*")
                if path.suffix == ".part" or path.name.split(".")[0] == "core"]
        self.assertEqual(left, [], "files that no one asked for")

    def start(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "preexec_fn": default_signals, **options}
        return subprocess.Popen([DELTAW, *map(str, arguments)], text=True, cwd=self.folder,
                                env=self.environment, **options)

    def deltaw(self, *arguments, status=0, **options):
        """The finished process, after its exit status and the absence of a crash were checked."""
        process = self.start(*arguments, **options)
        process.stdout_text, process.stderr_text = process.communicate(timeout=120)
        said = (process.stdout_text or "") + (process.stderr_text or "")
        self.assertEqual(process.returncode, status, said)
        for word in NEVER:
            self.assertNotIn(word, said)
        return process

    def on_terminal(self, columns, *arguments):
        """All that a terminal of so many columns was sent."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = self.start(*arguments, stdout=theirs, stderr=theirs)
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:  # the last writer is gone
            pass
        os.close(ours)
        self.assertEqual(process.wait(timeout=60), 0, said)
        return said.decode()

    def refuse(self, status, code, *texts, arguments):
        """deltaw fails with one named error, prints nothing else, and leaves no results."""
        before = self.files()
        done = self.deltaw(*arguments, status=status)
        self.assertEqual(done.stdout_text, "")
        self.assertTrue(done.stderr_text.startswith(f"error[{code}] "), done.stderr_text)
        for text in texts:
            self.assertIn(text, done.stderr_text)
        self.assertEqual(self.files(), before)

    def files(self):
        return {path.relative_to(self.folder): path.read_bytes() for path in
                sorted(self.folder.rglob("*")) if path.is_file()}

    def bits(self, out):
        """All that a comparison leaves, but what it cost and where it was made."""
        kept = ("features.json", "alignment.json", "experiment.json")
        files = {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*"))
                 if path.suffix == ".npy" or path.name in kept}
        for path in sorted(out.glob("runs/*/*/run.json")):
            run = read_json(path)
            files[str(path)[len(str(out)):]] = {**run, "metrics": without_seconds(run["metrics"])}
        for path in [out / "metrics.csv", *sorted(out.glob("runs/*/*/metrics.csv"))]:
            with open(path, newline="") as file:
                files[str(path)[len(str(out)):]] = [without_seconds(row)
                                                    for row in csv.DictReader(file)]
        return files

    def write(self, document, name="small.json"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    def experiment(self, name="small.json", **changes):
        """SMALL with `changes`, as a file; a change of None removes a key."""
        document = {**copy.deepcopy(SMALL), **changes}
        return self.write({key: value for key, value in document.items() if value is not None},
                          name)

    def install(self, **changes):
        """A plugin in C whose manifest says what `changes` say; its path."""
        library = self.folder / "plugin" / "good_hebb.so"
        library.parent.mkdir()
        shutil.copy(FIXTURES / "good_hebb.so", library)
        rule = {**GOOD_HEBB, **changes}
        return self.write({"schema": 1, "abi": "1.0", "library": library.name, "rules": [rule]},
                          "plugin/good_hebb.rule.json")

    def cheat(self, name, **changes):
        """The manifest of a fixture that does what it must not; its rule is called "cheat"."""
        library = self.folder / "cheat" / f"{name}.so"
        library.parent.mkdir(exist_ok=True)
        shutil.copy(FIXTURES / f"{name}.so", library)
        rule = {"id": "cheat", "version": "1.0.0", "summary": "a fixture", "signals": ["pre", "post"],
                "grain": "batch", "dynamics": ["static"], "locality": "synapse", "supervision": "none",
                "dtypes": ["f64"], "capabilities": ["deterministic"], **changes}
        return self.write({"schema": 1, "abi": "1.0", "library": library.name, "rules": [rule]},
                          f"cheat/{name}.rule.json")


def without_seconds(value):
    return {key: part for key, part in value.items() if key != "seconds"}


def read_json(path):
    """The document, and nothing that JSON does not know."""
    def refuse(word):
        raise ValueError(f"{path}: {word} is not JSON")
    return json.loads(pathlib.Path(path).read_text(), parse_constant=refuse)


def default_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def main():
    unittest.main(argv=sys.argv[:1])
