# SPDX-License-Identifier: Apache-2.0
"""`deltaw results`: folders are listed, asked in SQL, exported, verified and swept. What is expected
comes from the files themselves, read here."""
import csv
import hashlib
import io
import json
import shutil
import signal
import statistics

from case import Case, main, read_json


class Store(Case):
    def setUp(self):
        super().setUp()
        file = self.experiment(seeds=3)
        self.deltaw("compare", file, "--out", "results/whole", "--quiet")
        self.deltaw("compare", file, "--out", "results/parts/one", "--shard", "1/2", "--quiet")

    def results(self, *arguments, **options):
        return self.deltaw("results", *arguments, **options).stdout_text

    def records(self, folder):
        return [read_json(path) for path in sorted(self.folder.glob(f"{folder}/runs/*/*/run.json"))]

    def ask(self, sql, *folders):
        return json.loads(self.results("query", sql, *folders, "--json"))

    def test_list_and_show(self):
        listed = {entry["folder"]: entry for entry in json.loads(self.results("list", "--json"))}
        self.assertEqual(set(listed), {"results/whole", "results/parts/one"})
        whole, shard = listed["results/whole"], listed["results/parts/one"]
        self.assertEqual((whole["state"], whole["done"], whole["runs"]), ("finished", 6, 6))
        self.assertEqual((shard["state"], shard["done"], shard["runs"], shard["shard"]),
                         ("finished", 3, 3, "1/2"))
        text = self.results("list")
        self.assertRegex(text, r"results/whole +small +finished +6/6 +20")
        self.assertRegex(text, r"results/parts/one +small 1/2 +finished +3/3 +20")
        (self.folder / "results/whole/runs/backprop/seed-2/run.json").unlink()
        self.assertRegex(self.results(), r"results/whole +small +stopped +5/6 ")
        self.assertRegex(self.results("show", "results/whole"),
                         r"(?s)small: stopped\ndeltaw compare .*backprop +1 +finished +0\.\d+")
        shown = json.loads(self.results("show", "results/whole", "--json"))
        self.assertEqual([run["metrics"] for run in shown["runs"]],
                         [run["metrics"] for run in self.records("results/whole")])
        self.assertEqual(self.results("list", "results/whole/runs"), "no results here\n")

    def test_metrics_are_those_of_the_runs(self):
        rows = self.ask("SELECT rule, seed, metric, value FROM metrics ORDER BY 1, 2, 3",
                        "results/whole")
        wanted = [{"rule": run["rule"], "seed": run["seed"], "metric": metric, "value": value}
                  for run in self.records("results/whole")
                  for metric, value in sorted(run["metrics"].items())]
        self.assertEqual(rows, wanted)
        [row] = self.ask("SELECT avg(value) AS mean FROM metrics JOIN runs USING (folder, rule, seed) "
                         "WHERE rule = 'backprop' AND metric = 'test_accuracy' "
                         "AND status = 'finished'", "results/whole")
        mean = statistics.mean(run["metrics"]["test_accuracy"] for run in
                               self.records("results/whole") if run["rule"] == "backprop")
        self.assertAlmostEqual(row["mean"], mean, 12)

    def test_all_folders_that_are_named_and_no_other_are_asked(self):
        count = "SELECT folder, count(*) AS n FROM runs GROUP BY folder"
        self.assertEqual(self.ask(count), [{"folder": "results/parts/one", "n": 3},
                                           {"folder": "results/whole", "n": 6}])
        self.assertEqual(self.ask(count, "results/whole", "results/whole"),
                         [{"folder": "results/whole", "n": 6}])

    def test_curves_parameters_and_files(self):
        rows = list(csv.DictReader(io.StringIO(self.results(
            "export", "results/whole", "--table", "curves"))))
        with open(self.folder / "results/whole/metrics.csv", newline="") as file:
            wanted = list(csv.DictReader(file))
        self.assertEqual(len(rows), len(wanted))
        for row, line in zip(rows, wanted):
            for key in ("epoch", "train_loss", "test_accuracy"):
                self.assertEqual(float(row[key] or "nan"), float(line[key] or "nan"))
        values = {(row["rule"], row["path"]): row["value"] for row in
                  self.ask("SELECT * FROM parameters", "results/whole")}
        self.assertEqual(values[None, "training.batch"], 20)
        self.assertEqual(values["backprop", "drive.0.optimizer.rate"], 0.1)
        [weights] = self.ask("SELECT * FROM files WHERE file LIKE '%input>hidden.npy' AND seed = 2 "
                             "AND rule = 'backprop'", "results/whole")
        path = self.folder / "results/whole/runs/backprop/seed-2/weights/input>hidden.npy"
        self.assertEqual((weights["rows"], weights["columns"], weights["type"]), (12, 64, "<f4"))
        self.assertEqual(weights["bytes"], path.stat().st_size)
        self.assertEqual(weights["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
        [told] = self.ask("SELECT name, shard, program FROM results WHERE shard IS NOT NULL")
        self.assertEqual((told["name"], told["shard"], len(told["program"])), ("small", "1/2", 64))

    def test_exports_say_the_same(self):
        lines = [json.loads(line) for line in
                 self.results("export", "--table", "runs", "--jsonl").splitlines()]
        self.assertEqual(lines, self.ask("SELECT * FROM runs"))
        rows = list(csv.DictReader(io.StringIO(self.results("export", "--table", "runs", "--csv"))))
        self.assertEqual([(row["rule"], int(row["seed"]), row["error"]) for row in rows],
                         [(line["rule"], line["seed"], "") for line in lines])
        self.refuse(2, "E002", "no table 'run'", "runs", arguments=["results", "export", "--table", "run"])
        self.refuse(2, "E002", arguments=["results", "export", "--csv", "--json"])

    def test_nothing_but_reading(self):
        for sql, found in (("DELETE FROM runs", "authoriz"), ("DROP TABLE runs", "authoriz"),
                           ("ATTACH 'x.db' AS x", "authoriz"), ("PRAGMA user_version", "authoriz"),
                           ("CREATE TABLE t (a)", "authoriz"), ("VACUUM INTO 'x.db'", "authoriz"),
                           ("SELECT 1; SELECT 2", "more than one statement"), ("", "no statement"),
                           ("SELECT rul FROM runs", "no such column: rul"),
                           ("SELECT * FROM run", "no such table: run"),
                           ("SELECT load_extension('x')", "authoriz"),
                           ("SELECT", "incomplete input")):
            with self.subTest(sql):
                self.refuse(2, "E002", "this SQL cannot be answered", found,
                            "metrics(folder, rule, seed, metric, value)",
                            arguments=["results", "query", sql])
        self.refuse(2, "E002", "needs SQL", arguments=["results", "query"])
        self.refuse(2, "E603", "'nowhere' is no folder", arguments=["results", "list", "nowhere"])
        self.refuse(2, "E002", "'results lst' is no command", "list", arguments=["results", "lst"])

    def test_verify_names_what_is_damaged_and_compare_redoes_it(self):
        self.assertIn("9 runs in 2 folders, 0 damaged files", self.results("verify"))
        run = self.folder / "results/whole/runs/backprop/seed-2"
        bits = bytearray((run / "confusion.npy").read_bytes())
        bits[-1] ^= 1
        (run / "confusion.npy").write_bytes(bits)
        (run / "weights/output.bias.npy").unlink()
        done = self.deltaw("results", "verify", status=2)
        for text in ("damaged: results/whole/runs/backprop/seed-2/confusion.npy\n",
                     f"found SHA-256 {hashlib.sha256(bits).hexdigest()}\n",
                     "weights/output.bias.npy\n", "found nothing\n", ", 2 damaged files\n"):
            self.assertIn(text, done.stdout_text)
        self.assertIn("error[E603] 2 files of runs are damaged\n"
                      "  try: deltaw compare --resume results/whole ", done.stderr_text)
        told = json.loads(self.deltaw("results", "verify", "--json", status=2).stdout_text)
        self.assertEqual([(damage["rule"], damage["seed"]) for damage in told["damaged"]],
                         [("backprop", 2)] * 2)
        self.deltaw("compare", "--resume", "results/whole")
        self.results("verify")
        # A record that is no JSON spoils no other row.
        (run / "run.json").write_text("{")
        self.assertEqual(self.ask("SELECT status, count(*) AS n FROM runs GROUP BY 1", "results/whole"),
                         [{"status": "damaged", "n": 1}, {"status": "finished", "n": 5}])

    def test_gc_removes_what_killed_processes_left_and_nothing_else(self):
        run = self.folder / "results/whole/runs/backprop/seed-2"
        before = self.files()
        litter = {run / "state.bin": "state of a run that has ended",
                  run / "state-before.bin": "state of a run that has ended",
                  run / "weights/a.npy.part": "half of a file",
                  self.folder / "results/whole/progress.jsonl": "progress of a process that is gone"}
        for path in litter:
            path.write_text("1234567")
        unfinished = self.folder / "results/whole/runs/backprop/seed-9/state.bin"
        unfinished.parent.mkdir()
        unfinished.write_text("kept")
        shutil.copytree(self.folder / "results/whole/runs", self.folder / "results/whole/.replaced")
        all_files = self.files()
        said = self.results("gc", "--dry-run")
        for path, what in litter.items():
            self.assertIn(f"{path.relative_to(self.folder)}  {what}, 7 B\n", said)
        self.assertIn("would remove 5 files, ", said)
        self.assertEqual(self.files(), all_files)
        removed = json.loads(self.results("gc", "--json"))
        self.assertEqual(len(removed), 5)
        self.assertEqual(self.files(), {**before, unfinished.relative_to(self.folder): b"kept"})
        self.assertEqual(self.results("gc"), "removed 0 files, 0 B\n")

    def test_results_of_a_newer_deltaw_are_named(self):
        self.deltaw("compare", self.experiment(), "--out", "results/newer", "--quiet")
        experiment = read_json(self.folder / "results/newer/experiment.json")
        self.write({**experiment, "deltaw": 2}, "results/newer/experiment.json")
        self.refuse(2, "E603", "'results/newer' was written by a newer deltaw", "upgrade deltaw",
                    arguments=["results", "show", "results/newer"])

    def test_gc_leaves_alone_what_is_being_written(self):
        slow = {"rule": "backprop", "training": {"epochs": 1000000}}
        process = self.start("compare", self.experiment(rules=[slow], seeds=1), "--out",
                             "results/slow", "--quiet", "--state-every", "0.05")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        while not (self.folder / "results/slow/runs/backprop/seed-1/state.bin").exists():
            self.assertIsNone(process.poll())
        done = self.deltaw("results", "gc", "results/slow")
        self.assertIn("note: left alone: 'results/slow' is being written by another process",
                      done.stderr_text)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)  # so that it leaves nothing half written
        process.wait(timeout=60)


if __name__ == "__main__":
    main()
