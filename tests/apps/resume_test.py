# SPDX-License-Identifier: Apache-2.0
"""Results that were interrupted, by a signal or worse, are gone on with by another process, to the
same bits."""
import shutil
import signal
import subprocess
import time

from case import HEBBIAN_FEATURES, Case, main, read_json
from trials_test import TRIALS

SPIKES = {
    "network": {
        "layers": [{"name": "input", "units": 64, "source": {"type": "poisson", "rate": 60}},
                   {"name": "hidden", "units": 20,
                    "dynamics": {"type": "spiking", "excitatory": {"tau": 2}}}],
        "connections": [{"from": "input", "to": "hidden", "constraint": {"bounds": [0, 20]},
                         "init": {"type": "uniform", "low": 3, "high": 6}}]},
    "training": {"epochs": 25, "evaluate_every": 70,
                 "presentation": {"show": 100, "rest": 20}},
    "features": {"readouts": ["population"]},
    "optimizer": None,
    "rules": [{"rule": "stdp", "optimizer": {"rate": 0.1}}],
}

EXPLORING = {"rule": "node-perturbation", "name": "long",
             "training": {"epochs": 5000, "exploration": {"deviation": 0.01, "draws": 2},
                          "alignment": {"rule": "backprop", "shadows": ["node-perturbation"],
                                        "draws": 2, "every": 170}}}


class Resume(Case):
    def interrupt(self, number, *arguments):
        """A process that was sent a signal once it had kept the state of a run."""
        process = self.start(*arguments, "--state-every", "0.05")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.wait_for_state(process)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 130 if number != signal.SIGKILL else -number, said)
        return said

    def wait_for_state(self, process):
        end = time.monotonic() + 60
        while not list(self.folder.glob("out/runs/*/*/state.bin")):
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.01)

    def check_same_bits(self, file, number, *options):
        said = self.interrupt(number, "compare", file, "--out", "out", *options)
        if number != signal.SIGKILL:
            self.assertIn("to go on: deltaw compare --resume out\n", said)
        self.assertTrue(list(self.folder.glob("out/runs/*/*/state.bin")))
        done = self.deltaw("compare", "--resume", "out", "--jobs", "1")
        self.assertIn("report: out/report.html", done.stdout_text)
        self.deltaw("compare", file, "--out", "whole", *options)
        self.assertEqual(self.bits(self.folder / "out"), self.bits(self.folder / "whole"))
        self.assertFalse(list(self.folder.glob("out/runs/*/*/state*")))
        self.assertEqual(set(self.statuses("out")), {"finished"})

    def statuses(self, out):
        return [read_json(path)["status"]
                for path in self.folder.glob(f"{out}/runs/*/*/run.json")]

    def test_static_networks(self):
        file = self.experiment(rules=["backprop", EXPLORING, HEBBIAN_FEATURES],
                               features={"layer": "hidden", "readouts": ["labels"]})
        self.check_same_bits(file, signal.SIGINT, "--seeds", "2")

    def test_a_spiking_network_that_was_killed(self):
        self.check_same_bits(self.experiment(**SPIKES, seeds=1), signal.SIGKILL)

    def test_trials(self):
        arms = [{"rule": rule, "training": {**TRIALS["training"], "trials": 10000,
                                            "alignment": {"rule": "backprop", "trials": 10}}}
                for rule in ("miconi", "node-perturbation")]
        task = {"trials": {**TRIALS["task"]["trials"], "then": ["delayed-match"], "each": 5000}}
        self.check_same_bits(self.write({**TRIALS, "task": task, "rules": arms, "seeds": 1}),
                             signal.SIGTERM)

    def test_run_goes_on_with_what_it_was_asked_for(self):
        file = self.experiment(rules=["backprop", EXPLORING])
        self.interrupt(signal.SIGINT, "run", file, "--out", "out", "--rules", "backprop,long")
        printed = self.deltaw("run", "--resume", "out").stdout_text
        self.assertIn("\nlong                     1   5000 ", printed)
        self.assertEqual(self.statuses("out"), ["finished"] * 2)
        earlier = read_json(self.folder / "out/provenance.json")["earlier"]
        self.assertEqual([one["command"] for one in earlier],
                         [f"deltaw run {file} --out out --rules backprop,long --state-every 0.05"])

    def test_what_is_done_is_not_done_again(self):
        file = self.experiment()
        self.deltaw("compare", file, "--out", "out")
        runs = {path: path.stat().st_mtime_ns for path in self.folder.glob("out/runs/*/*/*")}
        before = self.bits(self.folder / "out")
        self.deltaw("compare", "--resume", "out")
        self.assertEqual({path: path.stat().st_mtime_ns for path in runs}, runs)
        self.assertEqual(self.bits(self.folder / "out"), before)

    def test_the_same_command_again_goes_on_by_itself(self):
        file = self.experiment(rules=["backprop", EXPLORING], seeds=1)
        said = self.interrupt(signal.SIGKILL, "compare", file, "--out", "out")
        self.assertNotIn("note:", said)
        (self.folder / "out/.lock").unlink()  # of the dead; nobody minds it
        (self.folder / "out/provenance.json").rename(self.folder / "kept.json")
        self.refuse(2, "E603", "cannot read 'out/provenance.json'",
                    arguments=["compare", file, "--out", "out"])
        (self.folder / "kept.json").rename(self.folder / "out/provenance.json")
        self.assertRegex(self.deltaw("compare", file, "--out", "out").stderr_text,
                         r"note: going on with the results in 'out': [01] of 2 runs have ended")
        self.deltaw("compare", file, "--out", "whole")
        self.assertEqual(self.bits(self.folder / "out"), self.bits(self.folder / "whole"))
        ended = {path: path.stat().st_mtime_ns for path in self.folder.glob("out/runs/*/*/*")}
        again = self.deltaw("compare", file, "--out", "out")
        self.assertIn("2 of 2 runs have ended; --overwrite begins anew\n", again.stderr_text)
        self.assertEqual({path: path.stat().st_mtime_ns for path in ended}, ended)
        self.assertEqual(len(read_json(self.folder / "out/provenance.json")["earlier"]), 2)

    def test_one_that_was_killed_before_anything_ran_begins(self):
        file = self.experiment()
        self.deltaw("compare", file, "--out", "whole")
        self.write((self.folder / "whole/experiment.json").read_text(), "out/experiment.json")
        self.deltaw("compare", file, "--out", "out")
        self.assertEqual(self.bits(self.folder / "out"), self.bits(self.folder / "whole"))

    def test_two_processes_do_not_write_one_folder(self):
        file = self.experiment(rules=[EXPLORING], seeds=1)
        first = self.start("compare", file, "--out", "out", "--state-every", "0.05")
        self.addCleanup(first.communicate)
        self.addCleanup(first.kill)
        self.wait_for_state(first)
        first.send_signal(signal.SIGSTOP)  # it holds the folder for as long as this takes
        for options in (["--resume", "out"], [file, "--out", "out"],
                        [file, "--out", "out", "--overwrite"]):
            done = self.deltaw("compare", *options, status=6)
            self.assertTrue(done.stderr_text.startswith(
                "error[E600] 'out' is being written by another process\n"
                f"  found process {first.pid} on "), done.stderr_text)
        first.kill()
        first.wait()
        self.deltaw("compare", "--resume", "out")
        self.assertEqual(self.statuses("out"), ["finished"])
        self.assertFalse((self.folder / "out/.lock").exists())

    def test_where_there_are_no_locks_the_user_is_told(self):
        shim = self.write("#include <errno.h>\nint flock(int d, int o) { errno = ENOSYS; return -1; }",
                          "shim.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.folder / "shim.so", shim], check=True)
        self.environment["LD_PRELOAD"] = str(self.folder / "shim.so")
        done = self.deltaw("compare", self.experiment(), "--out", "out")
        self.assertIn("note: the file system of 'out' knows no locks", done.stderr_text)
        self.assertEqual(self.statuses("out"), ["finished"] * 4)

    def test_a_run_with_a_damaged_file_is_done_again_and_no_other(self):
        file = self.experiment()
        self.deltaw("compare", file, "--out", "out")
        whole = self.bits(self.folder / "out")
        run = self.folder / "out/runs/backprop/seed-1"
        others = {path: path.stat().st_mtime_ns for path in self.folder.glob("out/runs/*/*/*")
                  if path.parent != run}

        def flip(path):
            bytes_ = bytearray(path.read_bytes())
            bytes_[len(bytes_) // 2] ^= 1
            path.write_bytes(bytes_)
        for name, damage in (("weights/input>hidden.npy", flip), ("run.json", flip), ("SHA256SUMS", flip),
                             ("metrics.csv", lambda path: path.unlink()),
                             ("run.json", lambda path: path.write_text(""))):
            damage(run / name)
            done = self.deltaw("compare", file, "--out", "out")
            self.assertIn("note: '", done.stderr_text)
            self.assertIn("' of backprop seed 1 is damaged: that run is done again", done.stderr_text)
            self.assertIn("3 of 4 runs have ended", done.stderr_text)
            self.assertEqual(self.bits(self.folder / "out"), whole)
        self.assertEqual({path: path.stat().st_mtime_ns for path in others}, others)
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=run,
                       check=True)

    def test_seeds_are_added_to_those_that_are_there(self):
        file = self.experiment(seeds=7, rules=["backprop"])
        self.deltaw("compare", file, "--out", "whole", "--quiet")
        done = [self.deltaw("compare", file, "--seeds", seeds, "--out", "out") for seeds in (2, 6, 7)]
        self.assertIn("2 of 6 runs have ended", done[1].stderr_text)
        self.assertNotIn("p that is too small", done[1].stderr_text)  # of two seeds there was no p
        self.assertIn("6 of 7 runs have ended", done[2].stderr_text)
        self.assertIn("note: the results have 6 seeds and get 7", done[2].stderr_text)
        self.assertIn("seeds were added: 6, then 7; p does not know of looks at fewer", done[2].stdout_text)
        self.assertEqual(self.bits(self.folder / "out"), self.bits(self.folder / "whole"))
        self.assertEqual(len(read_json(self.folder / "out/provenance.json")["earlier"]), 2)
        self.refuse(2, "E604", "'/seeds", "all seeds that are there, [1,2,3,4,5,6,7], and others",
                    arguments=["compare", file, "--seeds", 2, "--out", "out"])

    def test_results_of_something_else_are_refused(self):
        file = self.experiment()
        self.deltaw("compare", file, "--out", "out")
        for change, place, expected, found in (
                ("training.batch=10", "/training/batch", "20", "10"),
                ("seeds=[1,3]", "/seeds/1", "2", "3"),
                ("rules.backprop.optimizer.rate=0.2", "/rules/0/drive/0/optimizer/rate", "0.1",
                 "0.2")):
            for folder in ("--resume", "--out"):
                self.refuse(2, "E604", f"the results are of another experiment: '{place}' differs",
                            f"expected {expected}, found {found}\n", "another folder with --out",
                            arguments=["compare", file, folder, "out", "--set", change])
        provenance = read_json(self.folder / "out/provenance.json")
        for change, name in (({"program": "0" * 64}, "program"), ({"blas": "other"}, "blas"),
                             ({"host": {"cpu": "other"}}, "cpu"), ({"data": []}, "data"),
                             ({"plugins": []}, "plugins/backprop")):
            self.write({**provenance, **change}, "out/provenance.json")
            self.refuse(2, "E604", f"the results were made with another '{name}'",
                        arguments=["compare", "--resume", "out"])
        self.write({}, "out/provenance.json")
        self.refuse(2, "E603", "does not tell what is needed to go on",
                    arguments=["compare", "--resume", "out"])

    def test_of_damaged_states_the_one_before_is_taken_or_the_run_starts_afresh(self):
        file = self.experiment(rules=[EXPLORING], seeds=1)
        self.deltaw("compare", file, "--out", "whole")
        whole = self.bits(self.folder / "whole")
        self.interrupt(signal.SIGINT, "compare", file, "--out", "out")
        run = self.folder / "out/runs/long/seed-1"
        good = (run / "state.bin").read_bytes()
        if not (run / "state-before.bin").exists():
            (run / "state-before.bin").write_bytes(good)
        before = (run / "state-before.bin").read_bytes()
        shutil.copytree(self.folder / "out", self.folder / "kept")
        flipped = good[:300] + bytes([good[300] ^ 1]) + good[301:]
        for latest, earlier, told in ((b"", before, 1), (good[:-1], before, 1), (flipped, flipped, 2)):
            (run / "state.bin").write_bytes(latest)
            (run / "state-before.bin").write_bytes(earlier)
            process = self.start("compare", "--resume", "out")
            said = process.communicate(timeout=120)[1]
            self.assertEqual(process.returncode, 0, said)
            self.assertEqual(said.count(".bin' is damaged; expected"), told, said)
            self.assertEqual(self.bits(self.folder / "out"), whole)
            shutil.rmtree(self.folder / "out")
            shutil.copytree(self.folder / "kept", self.folder / "out")

    def test_wrong_command_lines(self):
        file = self.experiment()
        self.deltaw("compare", file, "--out", "out")
        for options in (["--out", "other"], ["--overwrite"]):
            self.refuse(2, "E002", "neither --out nor --overwrite",
                        arguments=["compare", "--resume", "out", *options])
        self.refuse(2, "E603", arguments=["compare", "--resume", "nowhere"])
        for text in ("x", "-1", "0", "nan", "1e400"):
            self.refuse(2, "E002", "--state-every", "more than 0",
                        arguments=["run", file, f"--state-every={text}"])


if __name__ == "__main__":
    main()
