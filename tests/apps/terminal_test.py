# SPDX-License-Identifier: Apache-2.0
"""What is said to whom: JSON to machines, plain lines to a pipe, a bar to a terminal."""
import json

from case import Case, main


class Terminal(Case):
    def test_json_is_all_that_machines_read(self):
        done = self.deltaw("compare", self.experiment(), "--json", "--out", "out")
        summary = json.loads(done.stdout_text)
        self.assertEqual(summary, json.loads((self.folder / "out/summary.json").read_text()))
        self.assertEqual([rule["runs"] for rule in summary["rules"]], [2, 2])
        self.assertIn("[4/4]", done.stderr_text)
        runs = json.loads(self.deltaw("run", self.experiment(), "--json").stdout_text)
        self.assertEqual([(run["rule"], run["seed"], run["status"]) for run in runs],
                         [("backprop", 1, "finished")])
        self.assertTrue(json.loads(self.deltaw("rules", "--json").stdout_text)["rules"])

    def test_json_of_failed_runs_is_json_too(self):
        file = self.experiment(optimizer={"type": "sgd", "rate": 1e38})
        for command in ("compare", "run"):
            done = self.deltaw(command, file, "--json", status=4)
            json.loads(done.stdout_text)
            self.assertIn("failed: error[E304]", done.stderr_text)

    def test_a_pipe_gets_a_plain_line_for_each_run(self):
        done = self.deltaw("compare", self.experiment())
        lines = done.stderr_text.splitlines()
        self.assertEqual(len(lines), 4)
        for i, line in enumerate(sorted(lines), 1):
            self.assertRegex(line, rf"^\[{i}/4\] (backprop|feedback-alignment) seed [12] finished: "
                             r"test accuracy 0\.\d\d\d$")
        self.assertNotIn("\x1b", done.stderr_text + done.stdout_text)
        self.assertNotIn("\r", done.stderr_text + done.stdout_text)

    def test_quiet_shows_no_progress(self):
        done = self.deltaw("compare", self.experiment(), "--quiet")
        self.assertEqual(done.stderr_text, "")
        self.assertIn("report: results/small/report.html", done.stdout_text)

    def test_run_prints_each_epoch(self):
        done = self.deltaw("run", self.experiment())
        rows = [line.split()[:4] for line in done.stdout_text.splitlines()]
        self.assertEqual(rows, [["rule", "seed", "epoch", "updates"], ["backprop", "1", "0", "0"],
                                ["backprop", "1", "1", "10"], ["backprop", "1", "2", "20"]])
        self.assertFalse((self.folder / "results").exists())

    def test_a_terminal_gets_a_bar_with_the_time_left(self):
        file = self.experiment(training={"epochs": 400, "batch": 1})
        for columns in (120, 40):
            said = self.on_terminal(columns, "compare", file, "--overwrite", "--out", "out")
            self.assertRegex(said, r"\r\x1b\[K\[[#.]{24}\] [0-4]/4 run")
            bars = [part.removeprefix("\x1b[K") for part in said.split("\r")]
            bars = [bar for bar in bars if bar.startswith("[")]
            self.assertLess(max(map(len, bars)), columns)
            if columns == 120:
                self.assertRegex(said, r"#\.* *\] \d/4 runs  \d+:\d\d left  [a-z-]+ seed \d epoch \d")
            self.assertNotIn("finished:", said)
            self.assertIn("report: out/report.html", said)

    def test_a_quiet_terminal_gets_no_bar(self):
        self.assertNotIn("\x1b", self.on_terminal(80, "compare", self.experiment(), "--quiet"))


if __name__ == "__main__":
    main()
