# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and its like: what is done is kept, whole, and soon."""
import csv
import signal
import subprocess
import time

from case import IS_SANITIZED, Case, default_signals, main, read_json

# From signal to exit, on a machine that has other things to do.
SOON = 20 if IS_SANITIZED else 2


class Interrupt(Case):
    def start_long(self, command="compare", **options):
        """A comparison whose first arm is quick and whose second takes hours, once a run of the
        first one is done."""
        slow = {"rule": "feedback-alignment", "training": {"epochs": 1000000}}
        file = self.experiment(rules=["backprop", slow], seeds=1)
        process = self.start(command, file, "--out", "out", "--jobs", "2", **options)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        done = self.folder / "out/runs/backprop/seed-1/run.json"
        self.wait_for(lambda: done.exists() or command == "run", process)
        return process

    def wait_for(self, condition, process):
        end = time.monotonic() + 60
        while not condition():
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.01)

    def send(self, process, number):
        """Exit status and what was said, and how long both took."""
        start = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err, time.monotonic() - start

    def test_the_first_signal_ends_cleanly_and_keeps_what_is_done(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                status, out, err, seconds = self.send(self.start_long(), number)
                self.assertEqual(status, 130, err)
                self.assertLess(seconds, SOON)
                self.assertIn("interrupted: 1 of 2 runs came to their end and count", err)
                self.assertRegex(err, r"feedback-alignment seed 1 interrupted(: .*\d)?\n")
                self.assertIn("feedback-alignment: 0 of 1 runs finished and count above; "
                              "1 interrupted\n", out)
                self.assertIn("report: out/report.html", out)
                self.check_results()
                subprocess.run(["rm", "-r", self.folder / "out"], check=True)

    def check_results(self):
        out = self.folder / "out"
        ended = read_json(out / "runs/backprop/seed-1/run.json")
        stopped = read_json(out / "runs/feedback-alignment/seed-1/run.json")
        self.assertEqual((ended["status"], stopped["status"]), ("finished", "interrupted"))
        backprop, other = read_json(out / "summary.json")["rules"]
        self.assertEqual((backprop["runs"], backprop["interrupted"]), (1, 0))
        self.assertEqual((other["runs"], other["interrupted"], other["failed"]), (0, 1, 0))
        self.assertEqual(backprop["metrics"]["test_accuracy"]["n"], 1)
        self.assertEqual(other["metrics"], {})
        with open(out / "metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["epoch"] for row in rows if row["rule"] == "backprop"],
                         ["0", "1", "2"])
        self.assertTrue(any(row["rule"] == "feedback-alignment" for row in rows))
        self.assertTrue((out / "report.html").read_text().rstrip().endswith("</html>"))
        self.assertIsNotNone(read_json(out / "provenance.json")["finished"])
        self.assertFalse(list(out.rglob("*.part")))

    def test_the_second_signal_ends_at_once(self):
        process = self.start_long()
        process.send_signal(signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        for number in (signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
        process.communicate(timeout=60)
        self.assertIn(process.returncode, (130, -signal.SIGINT, -signal.SIGTERM))

    def test_run_is_interrupted_too(self):
        file = self.experiment(training={"epochs": 1000000})
        process = self.start("run", file)
        self.assertTrue(process.stdout.readline().startswith("rule"))
        self.assertTrue(process.stdout.readline().startswith("backprop"))
        status, _, err, seconds = self.send(process, signal.SIGINT)
        self.assertEqual((status, err), (130, ""))
        self.assertLess(seconds, SOON)

    def test_a_job_in_the_background_of_a_script_ignores_ctrl_c(self):
        def ignoring():
            default_signals()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = self.start_long(preexec_fn=ignoring)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        self.assertEqual(self.send(process, signal.SIGTERM)[0], 130)

    def test_a_reader_that_goes_away_is_no_error(self):
        for arguments in (["rules"], ["run", self.experiment(training={"epochs": 1000000})]):
            process = self.start(*arguments)
            process.stdout.readline()
            process.stdout.close()
            said = process.stderr.read()
            process.stderr.close()
            self.assertIn(process.wait(timeout=60), (0, -signal.SIGPIPE))
            self.assertEqual(said, "")


if __name__ == "__main__":
    main()
