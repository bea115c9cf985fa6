# SPDX-License-Identifier: Apache-2.0
"""`deltaw compare --isolate`: a rule that crashes, hangs or ends its process costs its own runs."""
import json
import os
import signal
import time

from case import Case, main, read_json

CHEAT = {"name": "cheat", "drive": [{"connections": ["hidden"], "rule": "cheat"},
                                    {"connections": ["output"], "rule": "delta-rule"}]}
TRAINING = {"epochs": 2, "batch": 20, "precision": "float64"}


class Isolate(Case):
    def compare(self, name, *options, out="out", **more):
        file = self.experiment(rules=["backprop", CHEAT], training=TRAINING)
        return self.deltaw("compare", file, "--plugin", self.cheat(name), "--isolate", "--out", out,
                           *options, **more)

    def failures(self, name, *options):
        """What is told of the cheat's runs, after it was seen that they cost no other run."""
        done = self.compare(name, *options, status=4)
        self.deltaw("compare", self.experiment(training=TRAINING), "--rules", "backprop", "--out",
                    "alone")
        alone = self.files_of("alone", "backprop")
        self.assertTrue(alone)
        self.assertEqual(self.files_of("out", "backprop"), alone)
        summary = {rule["rule"]: rule for rule in
                   read_json(self.folder / "out/summary.json")["rules"]}
        self.assertEqual((summary["backprop"]["runs"], summary["backprop"]["failed"]), (2, 0))
        self.assertEqual((summary["cheat"]["runs"], summary["cheat"]["failed"]), (0, 2))
        runs = [read_json(self.folder / f"out/runs/cheat/seed-{seed}/run.json") for seed in (1, 2)]
        self.assertEqual([run["status"] for run in runs], ["failed", "failed"])
        report = (self.folder / "out/report.html").read_text()
        for run in runs:
            self.assertIn(f"cheat seed {run['seed']} failed: {run['error']}", done.stderr_text)
            reason = json.dumps(run["error"].splitlines()[0])[1:-1].replace(">", r"\u003e")
            self.assertTrue(reason in report, reason)
        return [run["error"] for run in runs]

    def files_of(self, out, rule):
        return {path.name: path.read_bytes()
                for path in sorted((self.folder / out / "runs" / rule).rglob("*.npy"))}

    def test_a_crash_is_told_with_its_step_and_how_to_repeat_it(self):
        for seed, error in enumerate(self.failures("cheat_late"), 1):
            self.assertRegex(error, r"^error\[E140\] crashed \(Aborted\) in update 12 of "
                             r"'cheat/[^']*hidden'\n")
            self.assertIn(f"--rules cheat --seeds {seed} makes this run alone", error)

    def test_a_hang_ends_at_the_limit(self):
        for error in self.failures("cheat_hang", "--call-limit", 1):
            self.assertIn("error[E141] no answer within 1 s in update 0 of 'cheat/", error)

    def test_a_rule_that_ends_its_process(self):
        for error in self.failures("cheat_exit"):
            self.assertIn("error[E142] ended its process with status 3 in update 0 of 'cheat/", error)

    def test_a_change_that_is_not_a_number(self):
        for error in self.failures("cheat_not_a_number"):
            self.assertRegex(error, r"^error\[E304\] the ΔW of 'cheat' for weight \(0, 0\) of connection "
                             r"'[^']+' into layer 'hidden' was not finite in update 13 \(epoch 2\)\n"
                             r"  try: deltaw check cheat, ")

    def test_the_bits_are_those_of_threads(self):
        options = ("--seeds", 3, "--state-every", "0.001")
        file = self.experiment(rules=["backprop", "feedback-alignment"])
        for out, more in (("threads", ()), ("processes", ("--isolate",))):
            self.deltaw("compare", file, "--out", out, *options, *more)
        threads, processes = self.bits(self.folder / "threads"), self.bits(self.folder / "processes")
        self.assertEqual(threads, processes)
        self.assertGreater(len(threads), 20)

    def test_ctrl_c_keeps_what_is_done_and_resume_goes_on_to_the_same_bits(self):
        file = self.experiment(training={"epochs": 400, "batch": 5}, rules=["backprop"])
        self.deltaw("compare", file, "--jobs", 2, "--out", "whole")
        process = self.start("compare", file, "--isolate", "--out", "parts", "--jobs", 2,
                             start_new_session=True)
        while len(children_of(process.pid)) < 2 and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("to go on: deltaw compare --resume", said)
        self.deltaw("compare", "--resume", "parts", "--isolate")
        whole, parts = self.bits(self.folder / "whole"), self.bits(self.folder / "parts")
        self.assertEqual(whole, parts)

    def test_a_killed_comparison_leaves_no_process(self):
        file = self.experiment(training={"epochs": 100000, "batch": 5}, rules=["backprop"])
        process = self.start("compare", file, "--isolate", "--out", "killed", "--jobs", 2)
        children = children_of(process.pid)
        while len(children) < 2 and process.poll() is None:
            time.sleep(0.05)
            children = children_of(process.pid)
        process.kill()
        process.communicate(timeout=60)
        deadline = time.monotonic() + 60
        while any(is_alive(child) for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual([child for child in children if is_alive(child)], [])

    def test_a_limit_needs_processes(self):
        self.refuse(2, "E002", "add --isolate",
                    arguments=["compare", self.experiment(), "--call-limit", 3])
        self.refuse(2, "E002", "no time for a call",
                    arguments=["compare", self.experiment(), "--isolate", "--call-limit", "soon"])


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except FileNotFoundError:
        return []


def is_alive(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


if __name__ == "__main__":
    main()
