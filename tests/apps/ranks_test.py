# SPDX-License-Identifier: Apache-2.0
"""`mpirun deltaw compare` and `tune`: the bits of one process whatever the number of ranks, and what becomes of a
rank that dies, differs or meets an error."""
import gzip
import os
import pathlib
import shutil
import signal
import subprocess
import time

import case
from case import HEBBIAN_FEATURES, Case, main, read_json, without_seconds
from isolate_test import CHEAT, TRAINING, children_of
from resume_test import SPIKES
from shard_test import FORGETTING
from trials_test import TRIALS
from tune_test import BUDGET, lines_of, without_time

DIGITS = pathlib.Path(__file__).resolve().parents[2] / "data/digits/digits.csv.gz"
MPI = pathlib.Path(case.DELTAW).resolve().parents[1] / "lib/deltaw/mpi.so"
# More ranks than cores, as root, without a network, and as many as it takes.
AS_HERE = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
           "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_plm": "isolated",
           "OMPI_MCA_btl": "self,vader", "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
           "OMPI_MCA_hwloc_base_binding_policy": "none"}


class Ranks(Case):
    def setUp(self):
        super().setUp()
        if not MPI.exists() or not shutil.which("mpirun"):
            self.skipTest("deltaw was built without MPI, or there is no mpirun")
        self.environment.update(AS_HERE)

    def start_ranks(self, count, *arguments):
        process = subprocess.Popen(["mpirun", "-n", str(count), case.DELTAW, *map(str, arguments)],
                                   cwd=self.folder, env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return process

    def ranks(self, count, *arguments, status=0):
        process = self.start_ranks(count, *arguments)
        out, said = process.communicate(timeout=240)
        self.assertEqual(process.returncode, status, out + said)
        for word in case.NEVER:
            self.assertNotIn(word, out + said)
        return out, said

    def check_same(self, file, *counts):
        self.deltaw("compare", file, "--out", "alone", "--quiet")
        for count in counts:
            out, _ = self.ranks(count, "compare", file, "--out", f"by-{count}", "--quiet")
            self.assertEqual(out.count("report: "), 1)
            self.assertEqual(self.bits(self.folder / f"by-{count}"), self.bits(self.folder / "alone"))

    def test_static_networks(self):
        self.check_same(self.experiment(rules=["backprop", "feedback-alignment", HEBBIAN_FEATURES],
                                        features={"layer": "hidden", "readouts": ["labels"]}), 1, 2, 4)

    def test_spiking_networks(self):
        self.check_same(self.experiment(**{**SPIKES, "training": {**SPIKES["training"], "epochs": 1}},
                                        seeds=2), 3)

    def test_trials(self):
        self.check_same(self.write({**TRIALS, "seeds": 3}), 3)

    def test_contexts(self):
        self.check_same(self.experiment(**FORGETTING), 3)

    def test_a_tuning(self):
        file = self.experiment()
        self.deltaw("tune", file, *BUDGET, "--out", "alone", "--quiet")
        for count in (2, 4):
            out, _ = self.ranks(count, "tune", file, *BUDGET, "--out", f"by-{count}", "--quiet")
            self.assertEqual(out.count("report: "), 1)
            found, expected = (without_time(lines_of(self.folder / name / "trials.jsonl"))
                               for name in (f"by-{count}", "alone"))
            self.assertEqual(found, expected)
            self.assertEqual(*(without_seconds(read_json(self.folder / name / "tuned.json"))
                               for name in (f"by-{count}", "alone")))

    def long(self):
        return self.experiment(training={"epochs": 3000, "batch": 5}, rules=["backprop", "feedback-alignment"])

    def stopped(self, file, stop):
        """After two runs were under way on two ranks until states were kept."""
        process = self.start_ranks(3, "compare", file, "--out", "parts", "--state-every", "0.01")
        end = time.monotonic() + 60
        while len(list(self.folder.glob("parts/runs/*/*/state.bin"))) < 2:
            self.assertLess(time.monotonic(), end)
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        stop(process)
        process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        ended = [run for run in map(read_json, self.folder.glob("parts/runs/*/*/run.json"))
                 if run["status"] == "finished"]
        self.assertLess(len(ended), 4)

    def check_goes_on(self, stop):
        file = self.long()
        self.stopped(file, stop)
        self.ranks(3, "compare", file, "--out", "parts", "--quiet")
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        self.assertEqual(self.bits(self.folder / "parts"), self.bits(self.folder / "whole"))

    def test_a_rank_that_dies_costs_no_run_that_ended(self):
        def kill_one(process):
            ranks = [pid for pid in children_of(process.pid) if "deltaw" in os.readlink(f"/proc/{pid}/exe")]
            self.assertEqual(len(ranks), 3)
            os.kill(max(ranks), signal.SIGKILL)
        self.check_goes_on(kill_one)

    def test_ctrl_c(self):
        self.check_goes_on(lambda process: process.send_signal(signal.SIGINT))

    def by_two(self, first, second, status, command="compare"):
        """Standard error of `deltaw COMMAND` with other words in rank 1 than in rank 0."""
        done = subprocess.run(["mpirun", "-n", "1", case.DELTAW, command, *map(str, first), ":", "-n", "1",
                               case.DELTAW, command, *map(str, second)],
                              cwd=self.folder, env=self.environment, text=True, timeout=120,
                              capture_output=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def test_ranks_with_another_plugin(self):
        file = self.experiment(rules=[CHEAT], training=TRAINING)
        said = self.by_two([file, "--plugin", self.cheat("cheat_none")],
                           [file, "--plugin", self.cheat("cheat_visible")], 2)
        self.assertRegex(said, r"error\[E607\] rank 1 has another '[^']*plugins[^']*' than rank 0")

    def test_ranks_with_another_experiment(self):
        said = self.by_two([self.experiment("first.json")], [self.experiment("second.json", seeds=3)], 2)
        self.assertRegex(said, r"error\[E607\] rank 1 has another 'seeds' than rank 0")

    def test_ranks_with_other_data(self):
        lines = gzip.decompress(DIGITS.read_bytes()).splitlines(keepends=True)
        for folder, kept in (("whole", lines), ("short", lines[:-1])):
            path = self.folder / folder / "digits"
            path.mkdir(parents=True)
            (path / "digits.csv.gz").write_bytes(gzip.compress(b"".join(kept)))
        file = self.experiment()
        said = self.by_two([file, "--data", "whole"], [file, "--data", "short"], 2)
        self.assertRegex(said, r"error\[E607\] rank 1 has another '[^']*data[^']*' than rank 0")

    def test_ranks_that_tune_another_experiment(self):
        first, second = self.experiment("first.json"), self.experiment("second.json", training=TRAINING)
        said = self.by_two([first, *BUDGET], [second, *BUDGET], 2, command="tune")
        self.assertRegex(said, r"error\[E607\] rank 1 has another '[^']*training[^']*' than rank 0")

    def test_an_error_is_told_once(self):
        file = self.experiment(rules=["bakcprop"])
        _, said = self.ranks(4, "compare", file, status=3)
        self.assertEqual(said.count("error[E101]"), 1, said)

    def test_what_only_another_rank_lacks(self):
        said = self.by_two([self.experiment()], ["gone.json"], 2)
        self.assertRegex(said, r"error\[E\d+\] rank 1: ")

    def test_options_of_one_process(self):
        for option in (["--isolate"], ["--shard", "1/2"]):
            _, said = self.ranks(2, "compare", self.experiment(), *option, status=2)
            self.assertIn(f"error[E002] {option[0]} under mpirun", said)


class WithoutMpi(Case):
    def test_it_says_so(self):
        (self.folder / "bin").mkdir()
        shutil.copy(case.DELTAW, self.folder / "bin/deltaw")
        self.environment["OMPI_COMM_WORLD_SIZE"] = "2"
        done = subprocess.run([self.folder / "bin/deltaw", "compare", self.experiment()], cwd=self.folder,
                              env=self.environment, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error[E004] mpirun started this deltaw, which has no MPI", done.stderr)
        self.assertIn("libboost-mpi-dev", done.stderr)


if __name__ == "__main__":
    main()
